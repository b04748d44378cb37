// Which changes a person means by naming a result: those that begin there. Named while only a single result shows it, the
// metrics of that result are taken, so that a gate that has just spoken can be answered.

import type { Acknowledgement, History, HistoryMetric } from '../contract/history.ts';
import { judgeResult } from './judge.ts';
import { trendOf, type Remarks } from './trend.ts';

export interface AcknowledgeWish {
  readonly benchmarkId: string;
  readonly metric: HistoryMetric | null;
  readonly note: string;
  readonly atUtc: string;
}

export function acknowledgementsFor(
  { series: all }: History,
  remarks: Remarks,
  { benchmarkId, metric, note, atUtc }: AcknowledgeWish,
): Acknowledgement[] {
  return all.flatMap((series) => {
    const changed = trendOf(series, remarks)
      .changes.filter((change) => change.firstAfter.benchmarkId === benchmarkId)
      .map((change) => change.metric);
    const rules = { against: 'series', minMagnitude: 0 } as const;
    const stepped = judgeResult(series, remarks, { benchmarkId, rules })
      .regressions.filter((regression) => regression.firstBenchmarkId === benchmarkId)
      .map((regression) => regression.metric);
    const { seriesId } = series;
    return [...new Set([...changed, ...stepped])]
      .filter((one) => metric === null || one === metric)
      .map((one) => ({ seriesId, metric: one, benchmarkId, note, atUtc }));
  });
}
