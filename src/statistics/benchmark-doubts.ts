// What a reader should know before believing the aggregate: few runs, wide scatter, runs that depend on each other,
// percentiles beyond what the sample can carry.

import type { JsonAggregate } from '../contract/report.ts';
import type { StoredRun } from '../contract/run-result.ts';
import type { Warning } from '../contract/warning.ts';
import { checkRunIndependence } from './run-independence.ts';

/** Below it the median has no 95 % interval and the mean's is mostly guess. */
const FEW_RUNS = 6;
/** pyperf's rule for unstable results. */
const HIGH_CV_PCT = 10;
/** Smallest n with a finite two-sided 95 % upper bound: the largest value exceeds the percentile with P >= .975. */
const MIN_CALLS_FOR_P99 = 368;

type DoubtedRun = Pick<StoredRun, 'host' | 'measurement'>;

/** In the order of the runs. */
export function doubtsAboutRuns(
  runs: readonly DoubtedRun[],
  aggregate: JsonAggregate,
): readonly Warning[] {
  return [
    ...fewRuns(runs.length),
    ...highScatter(aggregate),
    ...dependence(runs),
    ...shortTails(runs),
    ...withoutLatency(runs),
    ...severalHosts(runs),
    ...repeatedWarnings(runs),
  ];
}

function fewRuns(n: number): Warning[] {
  if (n === 0 || n >= FEW_RUNS) return [];
  const message =
    n === 1
      ? 'One run has no interval: nothing is known of how far the next would be off.'
      : `Only ${n} runs: intervals from fewer than ${FEW_RUNS} are wide and themselves uncertain.`;
  return [{ code: 'few-runs', message }];
}

const METRIC_NAMES: Readonly<Record<keyof JsonAggregate, string>> = {
  throughput_rps: 'throughput',
  latency_p50_us: 'p50',
  latency_p90_us: 'p90',
  latency_p95_us: 'p95',
  latency_p99_us: 'p99',
};

function highScatter(aggregate: JsonAggregate): Warning[] {
  const high = Object.entries(METRIC_NAMES).flatMap(([key, name]) => {
    const cvPct = aggregate[key as keyof JsonAggregate].cv_pct; // the keys of METRIC_NAMES are those
    return cvPct !== null && cvPct > HIGH_CV_PCT ? [`${name} by ${cvPct.toFixed(1)} %`] : [];
  });
  if (high.length === 0) return [];
  return [
    {
      code: 'high-variation',
      message: `Runs differ widely (coefficient of variation above ${HIGH_CV_PCT} %): ${high.join(', ')}.`,
    },
  ];
}

function dependence(runs: readonly DoubtedRun[]): Warning[] {
  const values = runs
    .map(({ measurement }) => measurement.throughputRps)
    .filter((value) => value !== null);
  const check = checkRunIndependence(values);
  if (check?.suspicious !== true) return [];
  const { lag1, spearman, limit } = check;
  return [
    {
      code: 'runs-not-independent',
      message:
        `Throughput follows the order of the runs (lag-1 ${lag1.toFixed(2)}, rank ${spearman.toFixed(2)}, ` +
        `limit ${limit.toFixed(2)}): intervals over runs are too narrow.`,
    },
  ];
}

function shortTails(runs: readonly DoubtedRun[]): Warning[] {
  const sizes = runs.map(({ measurement }) => measurement.latency.n).filter((n) => n > 0);
  const least = Math.min(...sizes);
  if (sizes.length === 0 || least >= MIN_CALLS_FOR_P99) return [];
  const message =
    least < 100
      ? `A run has only ${least} successful calls: its p99 is simply the slowest of them.`
      : `A run has only ${least} successful calls: its p99 has no upper bound below ${MIN_CALLS_FOR_P99}.`;
  return [{ code: 'p99-under-sampled', message }];
}

function withoutLatency(runs: readonly DoubtedRun[]): Warning[] {
  const count = runs.filter(({ measurement }) => measurement.latency.n === 0).length;
  if (count === 0) return [];
  const message =
    count === runs.length
      ? 'No call of any run succeeded: there is no latency.'
      : `${count} of ${runs.length} runs had no successful call: latency is over the others.`;
  return [{ code: 'runs-without-latency', message }];
}

function severalHosts(runs: readonly DoubtedRun[]): Warning[] {
  const hosts = [...new Set(runs.map(({ host }) => host))];
  if (hosts.length < 2) return [];
  return [
    {
      code: 'several-hosts',
      message: `Runs were measured on ${hosts.length} hosts (${hosts.join(', ')}): differences of machines are in the scatter.`,
    },
  ];
}

/** Each kind of doubt of single runs once, with how many runs share it. */
function repeatedWarnings(runs: readonly DoubtedRun[]): Warning[] {
  const first = new Map<string, { warning: Warning; runs: number }>();
  for (const { measurement } of runs) {
    for (const code of new Set(measurement.warnings.map((warning) => warning.code))) {
      const warning = measurement.warnings.find((candidate) => candidate.code === code);
      const seen = first.get(code);
      if (seen !== undefined) seen.runs += 1;
      else if (warning !== undefined) first.set(code, { warning, runs: 1 });
    }
  }
  return [...first.values()].map(({ warning, runs: count }) => ({
    code: warning.code,
    message:
      runs.length === 1 ? warning.message : `${warning.message} (${count} of ${runs.length} runs)`,
  }));
}
