// A result among the reports on the measuring host's disk: what its workflow asks before it ends.

import { dirname, join } from 'node:path';
import type { RegressionFinding } from '../contract/history.ts';
import { judgeResult } from '../history/judge.ts';
import { INDEX_FILE } from '../history/history-index.ts';
import { readHistory } from '../history/read-history.ts';
import { readRemarks, REMARKS_FILE } from '../history/remarks-file.ts';
import type { JudgeRequest } from './interface.ts';

/** `artifactRoot` is a directory of the state directory, which holds what people said about its history. */
export async function judgeRegression(
  artifactRoot: string,
  { benchmarkId, watch }: JudgeRequest,
): Promise<RegressionFinding> {
  const state = dirname(artifactRoot);
  const { series: all } = await readHistory(artifactRoot, { indexPath: join(state, INDEX_FILE) });
  const remarks = await readRemarks(join(state, REMARKS_FILE));
  const series = all.find(({ entries }) =>
    entries.some((entry) => entry.benchmarkId === benchmarkId),
  );
  if (series === undefined) {
    return {
      kind: 'not-judged',
      against: null,
      seriesId: null,
      results: 0,
      reasons: ['An INVALID result is not held against others.'],
      regressions: [],
    };
  }
  return judgeResult(series, remarks, {
    benchmarkId,
    rules: {
      against: watch.against === 'off' ? 'auto' : watch.against,
      minMagnitude: watch.thresholdPct / 100,
    },
  });
}
