// The figures of a level from its stored runs: medians over the valid ones, with their intervals.

import type { SuiteMetric } from '../contract/scenario.ts';
import { MIN_RUNS_OF_INTERVAL, type Figure, type LevelFigures } from '../contract/suite.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import { errorRateOf } from '../statistics/run-metrics.ts';
import { computeStats } from '../statistics/summary.ts';

const OF_RUN: Readonly<Record<SuiteMetric, (run: RunMeasurement) => number | null>> = {
  throughput: (run) => run.throughputRps,
  latencyP50: (run) => run.latency.p50Us,
  latencyP90: (run) => run.latency.p90Us,
  latencyP99: (run) => run.latency.p99Us,
  errorRate: errorRateOf,
  timeToFirstToken: (run) => run.streams?.timeToFirstToken.p50Us ?? null,
  firstCall: ({ firstCall }) => (firstCall?.outcome === 'ok' ? firstCall.latencyUs : null),
  targetMemory: ({ resources }) => highest(resources?.target?.map(({ rssBytes }) => rssBytes)),
};

export function levelFigures(runs: readonly RunMeasurement[]): LevelFigures {
  return figuresOfAll(runs.filter(({ verdict }) => verdict !== 'INVALID'));
}

/** INVALID runs too: for a search that asks what overload looks like. */
export function figuresOfAll(runs: readonly RunMeasurement[]): LevelFigures {
  const whole = runs.filter(({ interrupted }) => !interrupted);
  const entries = Object.entries(OF_RUN).map(([metric, read]) => [metric, figure(whole, read)]);
  return Object.fromEntries(entries) as LevelFigures; // one entry per metric of the table
}

function figure(
  runs: readonly RunMeasurement[],
  read: (run: RunMeasurement) => number | null,
): Figure {
  const values = runs.map(read).filter((value) => value !== null);
  const { median, ci95_low, ci95_high } = computeStats(values);
  if (values.length < MIN_RUNS_OF_INTERVAL || ci95_low === null || ci95_high === null) {
    return { median, ci95Low: null, ci95High: null };
  }
  // None of the figures can be below 0, though a symmetric interval may.
  return { median, ci95Low: Math.max(0, ci95_low), ci95High: ci95_high };
}

function highest(values: readonly number[] | undefined): number | null {
  return values === undefined || values.length === 0 ? null : Math.max(...values);
}
