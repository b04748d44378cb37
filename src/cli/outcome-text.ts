// The result in a few lines when the full report is on another machine.

import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { discardedText } from '../contract/discarded-runs.ts';
import type { Stats } from '../contract/report.ts';
import { latencyText, rateText, UNKNOWN } from './quantity-text.ts';
import { failedRunText, finishedRunText } from './progress/run-text.ts';

export function outcomeText(outcome: BenchmarkOutcome): string {
  return [
    `${outcome.verdict}  ${outcome.benchmarkId} (${outcome.status})`,
    ...outcome.reasons.map((reason) => `  ${reason}`),
    ...(outcome.thresholds ?? []).map(({ text, status }) => `threshold    ${text}: ${status}`),
    ...(outcome.verdict === 'INVALID' ? [] : aggregateLines(outcome)),
    ...outcome.runs.map((run) => finishedRunText(run, null)),
    ...outcome.failedRuns.map((run) => failedRunText(run, null)),
    ...(outcome.discarded ?? []).map((series) => `discarded: ${discardedText(series)}`),
  ].join('\n');
}

function aggregateLines({ aggregate }: BenchmarkOutcome): readonly string[] {
  return [
    statsLine('throughput', aggregate.throughput_rps, rateText),
    statsLine('latency p50', aggregate.latency_p50_us, latencyText),
    statsLine('latency p95', aggregate.latency_p95_us, latencyText),
    statsLine('latency p99', aggregate.latency_p99_us, latencyText),
  ];
}

function statsLine(name: string, stats: Stats, quantity: (value: number | null) => string): string {
  const interval =
    stats.ci95_low === null || stats.ci95_high === null
      ? UNKNOWN
      : `${quantity(stats.ci95_low)} to ${quantity(stats.ci95_high)}`;
  const cv = stats.cv_pct === null ? UNKNOWN : `${stats.cv_pct.toFixed(1)} %`;
  return `${name.padEnd(12)} median ${quantity(stats.median)}, 95 % CI ${interval}, CV ${cv}`;
}
