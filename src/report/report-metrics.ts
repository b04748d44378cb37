// The one list of figures that every document prints. A figure is read from the report file here and nowhere else, so that
// a table, a spreadsheet, a chart and a scraper cannot disagree on a number, its unit or why it is missing.

import type { MetricUnit } from '../contract/metric.ts';
import type { JsonRunResult, Stats } from '../contract/report.ts';
import { furtherStatistics, type FurtherStatistics } from './further-statistics.ts';
import { WITHHELD, type ShownReport, type ShownRun } from './withheld-figures.ts';
import type { LatencySummary, RunMeasurement, StreamSummary } from '../contract/run-result.ts';

/** As thresholds have them; `count`: a number of things; `percent`: of something of which there can be more than all. */
export type FigureUnit = MetricUnit | 'count' | 'percent';

/** What a document needs to name a figure and to print it. */
export interface MetricIdentity {
  /** Snake case, as in thresholds: 'latency_p99', 'throughput_rps'. */
  readonly id: string;
  /** 'latency p99' */
  readonly label: string;
  readonly unit: FigureUnit;
  /** 'latency' of 'latency p99'. */
  readonly family: string;
  /** Of a percentile, in (0, 1); null for any other figure. */
  readonly quantile: number | null;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface RunMetric extends MetricIdentity {
  /** In `unit`, as the report file has it; null when there is none. */
  readonly value: number | null;
  /** 95 % within this one run, in `unit`; null where the report has none. */
  readonly interval: Interval | null;
  /** Why there is no value; '' when there is one. */
  readonly absence: string;
}

export interface AggregateMetric extends MetricIdentity {
  /** Over the valid runs, in `unit` but for `cv_pct`. */
  readonly stats: Stats & FurtherStatistics;
  /** That have the figure; null in reports of versions that did not count them. */
  readonly runs: number | null;
  /** Why what shows a spread, or every figure, is missing; '' where they are there. */
  readonly absence: string;
}

/** The statistics of an aggregate that are in the metric's own unit. */
export const STATISTICS = [
  'median',
  'mean',
  'stddev',
  'ci95_low',
  'ci95_high',
  'min',
  'max',
  'median_ci95_low',
  'median_ci95_high',
  'bca_ci95_low',
  'bca_ci95_high',
  'pooled',
  'pooled_ci95_low',
  'pooled_ci95_high',
] as const satisfies readonly (keyof AggregateMetric['stats'])[];

/** The name of a metric with its unit last: 'latency_p99_us'; a rate's name ends with one already. */
export function nameWithUnit({ id, unit }: MetricIdentity): string {
  if (unit === 'percent') return `${id}_pct`;
  return unit === 'us' || unit === 'share' ? `${id}_${unit}` : id;
}

export function aggregateMetrics({
  aggregate,
  loombench,
  withheld,
}: ShownReport): readonly AggregateMetric[] {
  const absence = (stats: Stats): string =>
    withheld === true && loombench.validRuns > 0
      ? WITHHELD
      : aggregateAbsence(stats, loombench.validRuns);
  const overRuns = loombench.statistics?.metrics ?? [];
  const metric = (name: MetricIdentity, stats: Stats): AggregateMetric => ({
    ...name,
    stats: { ...stats, ...furtherStatistics(name.id, loombench.statistics) },
    runs: overRuns.find((each) => each.metric === name.id)?.n ?? null,
    absence: absence(stats),
  });
  const ofStreams = STREAM_HEADLINES.flatMap((name) => {
    const stats = overRuns.find((each) => each.metric === name.id)?.stats;
    return stats === undefined ? [] : [metric(name, stats)];
  });
  const goodput = loombench.statistics?.goodput ?? null;
  return [
    metric(THROUGHPUT, aggregate.throughput_rps),
    ...(goodput === null ? [] : [metric(GOODPUT, goodput.rps)]),
    metric(percentileName('latency', 0.5), aggregate.latency_p50_us),
    metric(percentileName('latency', 0.9), aggregate.latency_p90_us),
    metric(percentileName('latency', 0.95), aggregate.latency_p95_us),
    metric(percentileName('latency', 0.99), aggregate.latency_p99_us),
    ...ofStreams,
    metric(ERROR_RATE, loombench.errorRate),
  ];
}

const RUNS_FOR_SPREAD = 2;

function aggregateAbsence(stats: Stats, validRuns: number): string {
  if (validRuns === 0) return 'no run is valid';
  if (stats.median === null) return 'no valid run has this figure';
  if (validRuns < RUNS_FOR_SPREAD) {
    return `an interval and a CV need at least ${RUNS_FOR_SPREAD} valid runs`;
  }
  return stats.ci95_low === null ? 'fewer than two valid runs have this figure' : '';
}

/** Figures of one run in the order in which documents show them. */
export function runMetrics(run: ShownRun): readonly RunMetric[] {
  const intervals = latencyIntervals(run.loombench);
  return bareMetrics(run).map((metric) => {
    if (run.withheld === true && isWithheld(metric)) return { ...metric, absence: WITHHELD };
    const interval = intervals.get(metric.id) ?? null;
    return metric.value === null || interval === null ? metric : { ...metric, interval };
  });
}

/** Times and rates, but for those that the run would not have in any case. */
function isWithheld({ value, unit, absence }: RunMetric): boolean {
  return value === null && (unit === 'us' || unit === 'calls/s') && !NATURAL.has(absence);
}

/** Of percentiles of the headline latency, by the id of their metric. */
function latencyIntervals({ percentileIntervals = [] }: RunMeasurement): Map<string, Interval> {
  return new Map(
    percentileIntervals.flatMap(({ percentile, lowUs, highUs }): [string, Interval][] =>
      lowUs === null || highUs === null
        ? []
        : [[`latency_${percentile}`, { low: lowUs, high: highUs }]],
    ),
  );
}

function bareMetrics(run: JsonRunResult): readonly RunMetric[] {
  const { windowCalls, latency, streams, overhead, offeredRps, goodput } = run.loombench;
  const okCalls = windowCalls.ok === 0 ? NO_OK_CALL : NO_FIGURE;
  return [
    figure(count('calls'), run.total_requests, ''),
    figure(count('ok_calls'), windowCalls.ok, ''),
    figure(count('degraded_calls'), windowCalls.degraded, ''),
    figure(count('error_calls'), windowCalls.errors, ''),
    figure(count('incomplete_calls'), windowCalls.incomplete, ''),
    figure(THROUGHPUT, run.throughput_rps, NO_LENGTH),
    figure(rate('ok throughput'), run.loombench.okThroughputRps, NO_LENGTH),
    figure(GOODPUT, goodput?.rps ?? null, goodput === undefined ? NO_SLO : NO_LENGTH),
    figure(count('slo_met_calls'), goodput?.metCalls ?? null, NO_SLO),
    figure(rate('offered'), offeredRps, CLOSED_LOOP),
    figure(ERROR_RATE, run.error_rate, 'no call was completed in the window'),
    figure(time('latency', 'min'), run.latency_min_us, okCalls),
    figure(time('latency', 'mean'), run.latency_avg_us, okCalls),
    figure(percentileName('latency', 0.5), run.latency_p50_us, okCalls),
    figure(percentileName('latency', 0.9), run.latency_p90_us, okCalls),
    figure(percentileName('latency', 0.95), run.latency_p95_us, okCalls),
    figure(percentileName('latency', 0.99), run.latency_p99_us, okCalls),
    rare('latency', 0.999, latency),
    rare('latency', 0.9999, latency),
    figure(time('latency', 'max'), run.latency_max_us, okCalls),
    ...openLoopMetrics(run.loombench),
    ...percentiles('overhead', overhead, overhead === null ? NO_LLM_TIME : okCalls),
    ...streamMetrics(streams),
  ];
}

const CLOSED_LOOP = 'a closed loop offers no rate of its own';

/** Both times of a call, and how the schedule was kept: in a closed loop they say nothing that latency does not. */
function openLoopMetrics({
  offeredRps,
  openLoop,
  serviceTime,
  responseTime,
  sendLateness,
}: RunMeasurement): readonly RunMetric[] {
  const isOpen = offeredRps !== null;
  const absence = isOpen ? 'no call was measured' : CLOSED_LOOP;
  return [
    figure(count('held_calls'), openLoop?.cappedCalls ?? null, absence),
    figure(count('unsent_calls'), openLoop?.unsentCalls ?? null, absence),
    ...percentiles('response_time', isOpen ? responseTime : null, absence),
    ...percentiles('service_time', isOpen ? serviceTime : null, absence),
    ...percentiles('send_lateness', isOpen ? sendLateness : null, absence),
  ];
}

const NO_FIGURE = 'the run lacks this figure';
const NO_LENGTH = 'the window has no length';
const NO_SLO = 'no service level was declared (slo)';
const NO_STREAMS = 'the run made no streaming calls';
const NO_LLM_TIME = 'the target does not stamp its LLM time';
const NO_OK_CALL = 'the run has no ok call in its window';
const NATURAL: ReadonlySet<string> = new Set([
  CLOSED_LOOP,
  NO_STREAMS,
  NO_LLM_TIME,
  NO_OK_CALL,
  NO_SLO,
]);

const STREAM_AMOUNTS = [
  ['streams', 'streams'],
  ['messages', 'messages'],
  ['tokens', 'tokens'],
  ['empty_streams', 'emptyStreams'],
  // Of streams that failed: in none of the amounts above and in no time.
  ['failed_messages', 'failedMessages'],
  ['failed_bytes', 'failedBytes'],
] as const satisfies readonly (readonly [string, keyof StreamSummary])[];

const STREAM_TIMINGS = [
  ['ttfm', 'timeToFirstMessage'],
  ['ttft', 'timeToFirstToken'],
  ['message_gap', 'messageGap'],
  ['max_gap_per_stream', 'maxGapPerStream'],
  ['last_message_to_status', 'lastMessageToStatus'],
] as const satisfies readonly (readonly [string, keyof StreamSummary])[];

function streamMetrics(streams: StreamSummary | null): readonly RunMetric[] {
  const absence = streams === null ? NO_STREAMS : 'no ok stream has this moment';
  return [
    ...STREAM_AMOUNTS.map(([id, key]) => figure(count(id), streams?.[key] ?? null, NO_STREAMS)),
    ...STREAM_TIMINGS.flatMap(([family, key]) =>
      percentiles(family, streams?.[key] ?? null, absence),
    ),
  ];
}

function percentiles(
  family: string,
  summary: LatencySummary | null,
  absence: string,
): readonly RunMetric[] {
  return [
    figure(percentileName(family, 0.5), summary?.p50Us ?? null, absence),
    figure(percentileName(family, 0.99), summary?.p99Us ?? null, absence),
  ];
}

/** A percentile so high that a short run has no call above it: then it would be the maximum under another name. */
function rare(family: string, quantile: number, summary: LatencySummary): RunMetric {
  const name = percentileName(family, quantile);
  const callsNeeded = Math.round(1 / (1 - quantile));
  if (summary.n < callsNeeded) {
    return figure(name, null, `needs at least ${callsNeeded} ok calls in a run`);
  }
  return figure(name, quantile === 0.999 ? summary.p999Us : summary.p9999Us, '');
}

function figure(name: MetricIdentity, value: number | null, absence: string): RunMetric {
  return { ...name, value, interval: null, absence: value === null ? absence : '' };
}

function count(id: string): MetricIdentity {
  return { id, label: spaced(id), unit: 'count', family: id, quantile: null };
}

function rate(label: string): MetricIdentity {
  const family = label.replaceAll(' ', '_');
  return { id: `${family}_rps`, label, unit: 'calls/s', family, quantile: null };
}

function time(family: string, of: string): MetricIdentity {
  const id = `${family}_${of}`;
  return { id, label: spaced(id), unit: 'us', family: id, quantile: null };
}

/** 'latency', 0.999 → 'latency_p999', 'latency p99.9' */
export function percentileName(family: string, quantile: number): MetricIdentity {
  const percent = String(Number((quantile * 100).toFixed(4)));
  return {
    id: `${family}_p${percent.replace('.', '')}`,
    label: `${spaced(family)} p${percent}`,
    unit: 'us',
    family,
    quantile,
  };
}

const WORDS: Readonly<Record<string, string>> = {
  ttfm: 'first message',
  ttft: 'first token',
  overhead: 'server overhead',
};

function spaced(id: string): string {
  return WORDS[id] ?? id.replaceAll('_', ' ');
}

/** What the seed's aggregate has no place for, and a stream is judged by. */
const STREAM_HEADLINES: readonly MetricIdentity[] = ['ttft', 'message_gap'].flatMap((family) => [
  percentileName(family, 0.5),
  percentileName(family, 0.99),
]);
const THROUGHPUT = rate('throughput');
const GOODPUT = rate('goodput');
const ERROR_RATE: MetricIdentity = {
  id: 'error_rate',
  label: 'error rate',
  unit: 'share',
  family: 'error_rate',
  quantile: null,
};
