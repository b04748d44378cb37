// Thresholds against what was measured: latency and throughput over the valid runs, errors and calls that were not sent over
// every run that finished, because leaving runs out for them would leave them out.

import { metricParts, type MetricName } from '../contract/metric.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import type { Comparison, Threshold, ThresholdResult } from '../contract/threshold.ts';
import { runMetric } from './run-metrics.ts';
import { medianOfSorted, sortedCopy } from './sample.ts';

export interface ThresholdRuns {
  /** Not INVALID, not interrupted. */
  readonly usable: readonly RunMeasurement[];
  /** Not interrupted. */
  readonly complete: readonly RunMeasurement[];
}

export function judgeThresholds(
  thresholds: readonly Threshold[],
  runs: ThresholdRuns,
): readonly ThresholdResult[] {
  return thresholds.map((threshold) => judge(threshold, runs));
}

function judge(threshold: Threshold, runs: ThresholdRuns): ThresholdResult {
  const { metric, comparison, limit } = threshold;
  const { observed, over } = observe(metric, runs);
  if (observed === null) {
    const message = `No run has ${metric}, so nothing shows that the threshold was met.`;
    return { ...threshold, observed, status: 'no-data', ok: false, message };
  }
  const met = HOLDS[comparison](observed, limit);
  const message = `${over} is ${met ? 'within' : 'beyond'} the limit.`;
  return { ...threshold, observed, status: met ? 'pass' : 'fail', ok: met, message };
}

const HOLDS: Readonly<Record<Comparison, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

interface Observation {
  readonly observed: number | null;
  readonly over: string;
}

function observe(metric: MetricName, { usable, complete }: ThresholdRuns): Observation {
  if (metric === 'error_rate') {
    return { observed: pooledErrorRate(complete), over: 'The share over all finished runs' };
  }
  if (metric === 'sent_share') {
    return { observed: pooledSentShare(complete), over: 'The share over all finished runs' };
  }
  const values = usable.map((run) => runMetric(run, metric)).filter((value) => value !== null);
  if (values.length === 0) return { observed: null, over: '' };
  const parts = metricParts(metric);
  const point = parts.kind === 'latency' ? parts.point : null;
  if (point === 'max') return { observed: Math.max(...values), over: 'The largest of any run' };
  if (point === 'min') return { observed: Math.min(...values), over: 'The smallest of any run' };
  return { observed: medianOfSorted(sortedCopy(values)), over: 'The median over the valid runs' };
}

function pooledErrorRate(runs: readonly RunMeasurement[]): number | null {
  let failed = 0;
  let completed = 0;
  for (const { windowCalls } of runs) {
    failed += windowCalls.errors + windowCalls.degraded;
    completed += windowCalls.ok + windowCalls.errors + windowCalls.degraded;
  }
  return completed === 0 ? null : failed / completed;
}

/** Null when no run was an open loop. */
function pooledSentShare(runs: readonly RunMeasurement[]): number | null {
  let sent = 0;
  let due = 0;
  for (const { openLoop } of runs) {
    sent += openLoop?.sentCalls ?? 0;
    due += openLoop?.dueCalls ?? 0;
  }
  return due === 0 ? null : sent / due;
}
