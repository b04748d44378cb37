// What each peer says about a run, read from its own output.

/** What a generator reports of its own run; null for what it does not report. */
export interface ToolReport {
  readonly calls: number;
  /** Calls that the tool itself holds to be good, by its own notion of good. */
  readonly ok: number;
  /** From its first call to its last. */
  readonly seconds: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  /** CPU of the load alone, for a tool that sets itself apart from its start-up; null: the whole process counts. */
  readonly loadCpuUs: number | null;
}

export class UnreadableOutputError extends Error {
  constructor(tool: string, output: string) {
    super(`The output of ${tool} is not understood. It ends: ${output.slice(-300)}`);
  }
}

/** Of h2load's text: it knows requests and the time they took, not percentiles and no gRPC status. */
export function readH2load(output: string): ToolReport {
  const finished = /^finished in ([\d.]+)(us|ms|s)/m.exec(output);
  const requests = /^requests: (\d+) total, .* (\d+) succeeded/m.exec(output);
  if (finished === null || requests === null) throw new UnreadableOutputError('h2load', output);
  return {
    calls: Number(requests[1]),
    ok: Number(requests[2]),
    seconds: inSeconds(finished[1], finished[2]),
    p50Us: null,
    p99Us: null,
    loadCpuUs: null,
  };
}

/** Of ghz's summary: percentiles with two decimals of their unit. */
export function readGhz(output: string): ToolReport {
  const count = /Count:\s+(\d+)/.exec(output);
  const total = /Total:\s+([\d.]+) (ns|µs|ms|s)/.exec(output);
  if (count === null || total === null) throw new UnreadableOutputError('ghz', output);
  return {
    calls: Number(count[1]),
    ok: Number(/\[OK\]\s+(\d+) responses/.exec(output)?.[1] ?? 0),
    seconds: inSeconds(total[1], total[2]),
    p50Us: ghzPercentile(output, 50),
    p99Us: ghzPercentile(output, 99),
    loadCpuUs: null,
  };
}

function ghzPercentile(output: string, percent: number): number | null {
  const found = new RegExp(`^\\s*${percent} % in ([\\d.]+) (ns|µs|ms|s)`, 'm').exec(output);
  return found === null ? null : inSeconds(found[1], found[2]) * 1e6;
}

interface FortioResult {
  readonly ActualDuration: number;
  readonly DurationHistogram: {
    readonly Count: number;
    readonly Percentiles: readonly { readonly Percentile: number; readonly Value: number }[];
  };
  readonly RetCodes: Readonly<Record<string, number>>;
}

/** Of fortio's JSON: percentiles are interpolated in its histogram. */
export function readFortio(output: string): ToolReport {
  let result: FortioResult;
  try {
    // Its own document; what is missing shows in the next lines.
    result = JSON.parse(output) as FortioResult;
  } catch {
    throw new UnreadableOutputError('fortio', output);
  }
  const { DurationHistogram: durations, RetCodes: codes } = result;
  const percentileUs = (percentile: number): number | null => {
    const found = durations.Percentiles.find(({ Percentile }) => Percentile === percentile);
    return found === undefined ? null : found.Value * 1e6;
  };
  return {
    calls: durations.Count,
    ok: codes['SERVING'] ?? codes['OK'] ?? 0,
    seconds: result.ActualDuration / 1e9,
    p50Us: percentileUs(50),
    p99Us: percentileUs(99),
    loadCpuUs: null,
  };
}

/** Of own-load.ts. */
export function readOwn(output: string): ToolReport {
  try {
    // Written by own-load.ts in this form.
    return JSON.parse(output) as ToolReport;
  } catch {
    throw new UnreadableOutputError('own-load', output);
  }
}

function inSeconds(value: string | undefined, unit: string | undefined): number {
  const scale = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1 }[unit ?? ''];
  return scale === undefined ? NaN : Number(value) * scale;
}
