// The search for a capacity as a durable sequence of open-loop benchmarks, a trial each. Which rate is next, and whether the
// service level was met, is an activity's word and stands in history.

import { sleep } from '@temporalio/workflow';
import type { CapacityRequest, CapacityTrial } from '../contract/capacity.ts';
import type {
  CapacityResult,
  LevelOutcome,
  PlannedLevel,
  SuiteOutcome,
  TrialJudgement,
} from '../contract/suite.ts';
import { anywhere, type Suite } from './suite-context.ts';
import { begun, framed, inTime } from './suite-frame.ts';
import { oneLevel } from './suite-levels.ts';
import { reported } from './suite-report.ts';

/** Workflow type `capacity`. `raw` as `CapacityRequest` in a file's form. */
export async function capacity(raw?: unknown): Promise<SuiteOutcome> {
  return framed(async (fittings) => {
    const { plan, ...prepared } = await anywhere.planCapacity(raw ?? null);
    const suite = begun({ ...prepared, plan: plan.suite }, fittings, {
      name: 'capacity',
      slo: plan.request.slo,
    });
    return inTime(suite, () => reported(suite, () => search(suite, plan.request)));
  });
}

async function search(suite: Suite, request: CapacityRequest): Promise<CapacityResult> {
  const { board, results } = suite;
  const trials: CapacityTrial[] = [];
  for (;;) {
    const next = await anywhere.nextCapacityTrial({ request, trials });
    if (next.kind === 'over') return next.result;
    suite.plan = withLevel(suite, next.level);
    board.grow(suite.plan);
    if (next.pauseMs !== undefined && next.pauseMs > 0) {
      board.enter({ kind: 'cooling-down' });
      await sleep(next.pauseMs);
    }
    await board.whilePaused();
    const result = await oneLevel(suite, next.level, trials.length + 1);
    results.push(result);
    board.finished(result);
    const { ratePerS, purpose } = next;
    trials.push({ ratePerS, purpose, ...judgementOf(result.outcome) });
  }
}

/** Nothing but a measurement says that a rate is too high. */
function judgementOf(outcome: LevelOutcome): TrialJudgement {
  switch (outcome.kind) {
    case 'measured':
      return outcome.trial ?? { verdict: 'spoilt', text: 'it was not judged' };
    case 'invalid':
      return { verdict: 'spoilt', text: outcome.reasons.join('; ') };
    case 'failed':
    case 'skipped':
      return { verdict: 'spoilt', text: outcome.reason };
  }
}

/** The plan of a search is what it has come to so far. */
function withLevel({ plan }: Suite, level: PlannedLevel): Suite['plan'] {
  const { level: name, value, settings } = level;
  return {
    ...plan,
    scenarios: plan.scenarios.map((scenario) => ({
      ...scenario,
      levels: [...scenario.levels, { name, value, settings }],
    })),
    levels: [...plan.levels, level],
  };
}
