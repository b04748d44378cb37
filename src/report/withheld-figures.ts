// A number that failed a validity check is not printed: of an INVALID run no time and no rate, of an INVALID benchmark no
// figure over its runs. What was counted (calls, statuses, errors) stays, like gates, resources and pauses: they say why.
// The report file keeps everything; whoever asks for the figures gets them, marked.

import type {
  JsonReport,
  JsonRunResult,
  ReportExtension,
  RunExtension,
} from '../contract/report.ts';
import type { LatencySummary, StreamSummary } from '../contract/run-result.ts';
import type { ThresholdResult } from '../contract/threshold.ts';

/** A run as a document shows it. */
export interface ShownRun extends JsonRunResult {
  /** Its times and rates were taken out. */
  readonly withheld?: true;
}

/** A report as a document shows it; one as it was read is one whose figures are all shown. */
export interface ShownReport extends JsonReport {
  readonly runs: readonly ShownRun[];
  /** Figures over the runs were taken out. */
  readonly withheld?: true;
}

/** The reason in the place of a figure. */
export const WITHHELD = 'INVALID: withheld';

export function withoutInvalidFigures(report: JsonReport): ShownReport {
  const runs = report.runs.map((run) => (isInvalid(run) ? withheldRun(run) : run));
  if (!isInvalid(report)) return { ...report, runs };
  const { aggregate } = report;
  return {
    ...report,
    runs,
    withheld: true,
    aggregate: {
      throughput_rps: blank(aggregate.throughput_rps),
      latency_p50_us: blank(aggregate.latency_p50_us),
      latency_p90_us: blank(aggregate.latency_p90_us),
      latency_p95_us: blank(aggregate.latency_p95_us),
      latency_p99_us: blank(aggregate.latency_p99_us),
    },
    loombench: withheldSummary(report.loombench),
  };
}

function withheldSummary({
  statistics: _statistics,
  precision: _precision,
  ...rest
}: ReportExtension): ReportExtension {
  const { thresholds } = rest;
  const judged = thresholds === undefined ? {} : { thresholds: thresholds.map(withheldThreshold) };
  return { ...rest, errorRate: blank(rest.errorRate), ...judged };
}

/** Of a run or of a whole report. */
export function isInvalid({ loombench }: JsonReport | JsonRunResult): boolean {
  return loombench.verdict === 'INVALID';
}

/** Every figure of a group null. */
function blank<T extends object>(figures: T): { readonly [K in keyof T]: null } {
  const entries = Object.keys(figures).map((key) => [key, null]);
  return Object.fromEntries(entries) as { readonly [K in keyof T]: null }; // the same keys
}

function withheldRun({
  throughput_timeline: _timeline,
  latency_histogram: _histogram,
  ...run
}: JsonRunResult): ShownRun {
  return {
    ...run,
    withheld: true,
    throughput_rps: null,
    latency_p50_us: null,
    latency_p90_us: null,
    latency_p95_us: null,
    latency_p99_us: null,
    latency_min_us: null,
    latency_max_us: null,
    latency_avg_us: null,
    loombench: withheldMeasurement(run.loombench),
  };
}

function withheldMeasurement({
  percentileIntervals: _intervals,
  goodput,
  ...measured
}: RunExtension): RunExtension {
  return {
    ...measured,
    throughputRps: null,
    okThroughputRps: null,
    ...(goodput === undefined ? {} : { goodput: { ...goodput, rps: null } }),
    latency: bare(measured.latency),
    serviceTime: bare(measured.serviceTime),
    responseTime: bare(measured.responseTime),
    sendLateness: bare(measured.sendLateness),
    overhead: measured.overhead === null ? null : bare(measured.overhead),
    streams: measured.streams === null ? null : bareStreams(measured.streams),
    timeline: null,
    histograms: [],
    littlesLaw: null,
  };
}

function bare({ n, ...times }: LatencySummary): LatencySummary {
  return { n, ...blank(times) };
}

function bareStreams(streams: StreamSummary): StreamSummary {
  return {
    ...streams,
    timeToFirstMessage: bare(streams.timeToFirstMessage),
    timeToFirstToken: bare(streams.timeToFirstToken),
    messageGap: bare(streams.messageGap),
    maxGapPerStream: bare(streams.maxGapPerStream),
    lastMessageToStatus: bare(streams.lastMessageToStatus),
    failedTimeToFirstToken: bare(streams.failedTimeToFirstToken),
  };
}

/** An error rate is a count of calls that failed, whatever else a gate found. */
function withheldThreshold(result: ThresholdResult): ThresholdResult {
  if (result.metric === 'error_rate' || result.observed === null) return result;
  return { ...result, observed: null, message: `${result.message} ${WITHHELD}.` };
}
