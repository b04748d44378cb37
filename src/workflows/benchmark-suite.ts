// A suite as a durable sequence of benchmarks: plan, then level by level decide, measure and read, then report. Which level
// comes next, and whether, is an activity's word and stands in history.

import { sleep } from '@temporalio/workflow';
import type { SuiteOutcome } from '../contract/suite.ts';
import { anywhere, type Suite } from './suite-context.ts';
import { begun, framed, inTime } from './suite-frame.ts';
import { oneLevel } from './suite-levels.ts';
import { reported } from './suite-report.ts';

/** Workflow type `benchmarkSuite`. `raw` as `SuiteRequest` in a file's form; nothing is all twelve scenarios. */
export async function benchmarkSuite(raw?: unknown): Promise<SuiteOutcome> {
  return framed(async (fittings) => {
    const prepared = await anywhere.planSuite(raw ?? null);
    const name = `suite of ${prepared.plan.scenarios.length}`;
    const suite = begun(prepared, fittings, { name, slo: null });
    return inTime(suite, () => reported(suite, () => measureAll(suite)));
  });
}

async function measureAll(suite: Suite): Promise<null> {
  const { board, plan, results } = suite;
  for (const [index, level] of plan.levels.entries()) {
    const measuredBefore = results.some(({ outcome }) => outcome.kind === 'measured');
    if (measuredBefore && plan.request.levelCooldownMs > 0) {
      board.enter({ kind: 'cooling-down' });
      await sleep(plan.request.levelCooldownMs);
    }
    await board.whilePaused();
    const result = await oneLevel(suite, level, index + 1);
    results.push(result);
    board.finished(result);
  }
  return null;
}
