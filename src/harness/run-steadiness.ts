// What the statistics of a single run look at: its whole seconds, and its ok calls in the order in which they were sent.

import { OUTCOMES } from '../contract/outcome.ts';
import type { HarnessConfig } from '../contract/config.ts';
import type { MeasurementWindow, TimelineBucket } from '../contract/run-result.ts';
import type { PercentileInterval, Steadiness } from '../contract/steadiness.ts';
import type { GateResult } from '../contract/warning.ts';
import { percentileIntervals } from '../statistics/percentile-interval.ts';
import { steadinessOf } from '../statistics/steadiness.ts';
import { effectiveCallsGate, steadyStateGate } from './gates/steadiness-gates.ts';
import type { RawColumns } from './recording/raw-results.ts';

export interface RunSteadiness {
  readonly steadiness: Steadiness;
  readonly percentileIntervals: readonly PercentileInterval[];
  readonly gates: readonly GateResult[];
}

export interface SteadinessInput {
  readonly harness: Pick<HarnessConfig, 'arrival'>;
  readonly window: MeasurementWindow;
  /** Since the load's start. */
  readonly timeline: readonly TimelineBucket[];
  readonly columns: RawColumns;
}

export function runSteadiness({
  harness,
  window,
  timeline,
  columns,
}: SteadinessInput): RunSteadiness {
  // A load that is meant to change has no steady state to look for.
  const isSteadyLoad = harness.arrival.kind !== 'stages' && harness.arrival.kind !== 'replay';
  const lastSecond = isSteadyLoad ? Math.floor(window.endMs / 1000) : 0;
  const steadiness = steadinessOf({
    windowStart: Math.ceil(window.startMs / 1000),
    seconds: timeline.flatMap(({ second, mean_us: meanUs }) =>
      meanUs === null || second >= lastSecond ? [] : [{ second, meanUs }],
    ),
  });
  const intervals = percentileIntervals(latenciesInOrder(columns, harness));
  return {
    steadiness,
    percentileIntervals: intervals,
    gates: [
      steadyStateGate({ steadiness, windowStartMs: window.startMs }),
      effectiveCallsGate(intervals),
    ],
  };
}

/** Service times in a closed loop, response times in an open one; by intended start. */
function latenciesInOrder(
  { rows, outcome, intendedNs, dispatchNs, endNs }: RawColumns,
  { arrival }: Pick<HarnessConfig, 'arrival'>,
): Float64Array {
  const fromNs = arrival.kind === 'closed' ? dispatchNs : intendedNs;
  const ok = OUTCOMES.indexOf('ok');
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
    .filter((row) => outcome[row] === ok)
    .sort((a, b) => (intendedNs[a] ?? 0) - (intendedNs[b] ?? 0));
  return Float64Array.from(order, (row) => Math.max(0, (endNs[row] ?? 0) - (fromNs[row] ?? 0)));
}
