// The figure of one run that a metric's name stands for.

import {
  metricParts,
  type CountedMetric,
  type LatencyFamily,
  type LatencyPoint,
  type MetricName,
} from '../contract/metric.ts';
import type { LatencySummary, RunMeasurement } from '../contract/run-result.ts';

/** Null when the run has no such figure: no call succeeded, no streams, no LLM time stamped. */
export function runMetric(measurement: RunMeasurement, name: MetricName): number | null {
  const parts = metricParts(name);
  if (parts.kind === 'counted') return COUNTED[parts.metric](measurement);
  const summary = FAMILIES[parts.family](measurement);
  return summary === null ? null : summary[POINTS[parts.point]];
}

/** Degraded answers count as errors: an apology is not a success. Null when nothing completed in the window. */
export function errorRateOf({ windowCalls }: Pick<RunMeasurement, 'windowCalls'>): number | null {
  const completed = windowCalls.ok + windowCalls.degraded + windowCalls.errors;
  return completed === 0 ? null : (windowCalls.errors + windowCalls.degraded) / completed;
}

const COUNTED: Readonly<Record<CountedMetric, (run: RunMeasurement) => number | null>> = {
  throughput_rps: (run) => run.throughputRps,
  ok_throughput_rps: (run) => run.okThroughputRps,
  goodput_rps: ({ goodput }) => goodput?.rps ?? null,
  error_rate: errorRateOf,
  sent_share: ({ openLoop }) =>
    !openLoop || openLoop.dueCalls === 0 ? null : openLoop.sentCalls / openLoop.dueCalls,
};

const FAMILIES: Readonly<Record<LatencyFamily, (run: RunMeasurement) => LatencySummary | null>> = {
  latency: (run) => run.latency,
  ttft: (run) => run.streams?.timeToFirstToken ?? null,
  message_gap: (run) => run.streams?.messageGap ?? null,
  overhead: (run) => run.overhead,
};

const POINTS = {
  min: 'minUs',
  mean: 'meanUs',
  p50: 'p50Us',
  p90: 'p90Us',
  p95: 'p95Us',
  p99: 'p99Us',
  p999: 'p999Us',
  p9999: 'p9999Us',
  max: 'maxUs',
} as const satisfies Record<LatencyPoint, keyof LatencySummary>;
