// One level of a suite: whether it is to be measured, on a server that is as it must be, and what came of it. Each is a
// workflow of its own, so that its failure is a result among others.

import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  startChild,
} from '@temporalio/workflow';
import type { SuiteActivities, TargetState } from '../activities/suite/interface.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { levelBenchmarkId, MEMO_WATCHED } from '../contract/ids.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { LevelOutcome, LevelResult, PlannedLevel } from '../contract/suite.ts';
import { LIGHT } from './activity-options.ts';
import type { benchmark } from './benchmark.ts';
import { reasonOf } from './failures.ts';
import { nearTheData, type Suite } from './suite-context.ts';

/** A calibration waits while another benchmark measures on the host. */
const calibrating = proxyActivities<SuiteActivities>({
  ...LIGHT,
  startToCloseTimeout: '6h',
  heartbeatTimeout: '10s',
});

/** @param position 1-based, in the order of measuring. */
export async function oneLevel(
  suite: Suite,
  level: PlannedLevel,
  position: number,
): Promise<LevelResult> {
  const benchmarkId = levelBenchmarkId(suite.key.workflowId, level);
  // In a workflow Date is the time of the task in history, so a replay says the same.
  const startedAt = new Date();
  suite.board.enter({ kind: 'measuring', benchmarkId, position });
  const outcome = await outcomeOf(suite, level, { benchmarkId, position });
  return {
    scenario: level.scenario,
    level: level.level,
    position,
    value: level.value,
    series: level.series,
    benchmarkId,
    startedAtUtc: startedAt.toISOString(),
    tookMs: Date.now() - startedAt.getTime(),
    outcome,
  };
}

type MeasuredLevel = Extract<LevelOutcome, { kind: 'measured' }>;

interface Place {
  readonly benchmarkId: string;
  readonly position: number;
}

async function outcomeOf(suite: Suite, level: PlannedLevel, place: Place): Promise<LevelOutcome> {
  try {
    const question = {
      scenario: scenarioOf(suite, level),
      level,
      results: suite.results.filter(({ scenario }) => scenario === level.scenario),
    };
    const decision = await nearTheData(suite, (near) => near.decideLevel(question));
    if (decision.kind === 'skip') return { kind: 'skipped', reason: decision.reason };
    const target = await targetState(suite, level);
    if (target.kind === 'invalid') return target;
    if (target.kind === 'skip') return { kind: 'skipped', reason: target.reason };
    return await measured(suite, await measureLevel(suite, level, place));
  } catch (error) {
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
    return failed(error);
  }
}

/** An embedded target is started as each run needs it; only a server given by address has to be asked. */
async function targetState(suite: Suite, level: PlannedLevel): Promise<TargetState> {
  const { request } = suite.plan;
  const address = level.settings['serverAddr'];
  const embedded = address === undefined || address === '';
  if (embedded || scenarioOf(suite, level).asStarted === true) return { kind: 'ready' };
  const { controlPlane, trustServer } = request;
  return calibrating.prepareTarget({
    suite: suite.key,
    settings: level.settings,
    controlPlane,
    trustServer,
  });
}

async function measureLevel(
  suite: Suite,
  level: PlannedLevel,
  { benchmarkId, position }: Place,
): Promise<BenchmarkOutcome> {
  const child = await startChild<typeof benchmark>('benchmark', {
    workflowId: benchmarkId,
    args: [level.settings],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    // A suite that is started again under its name measures its levels again.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    ...(suite.watch === null ? {} : { memo: { [MEMO_WATCHED]: true } }),
    staticSummary: `level ${position}/${suite.plan.levels.length} of suite ${suite.key.workflowId}`,
  });
  return suite.board.during(child, child.result());
}

async function measured(suite: Suite, outcome: BenchmarkOutcome): Promise<LevelOutcome> {
  suite.host = outcome.host;
  const runs = outcome.runs.filter((run) => run.key.phase === 'measured');
  return {
    kind: 'measured',
    verdict: outcome.verdict,
    reasons: outcome.reasons,
    ...(outcome.regression === undefined ? {} : { regression: outcome.regression }),
    ...(await findings(
      suite,
      runs.map(({ key }) => key),
    )),
    runs: runs.length,
    failedRuns: outcome.failedRuns.length,
    report: outcome.report,
    host: outcome.host,
  };
}

async function findings(
  suite: Suite,
  runs: readonly RunKey[],
): Promise<Pick<MeasuredLevel, 'figures' | 'trial' | 'thresholds'>> {
  const { slo } = suite;
  return nearTheData(suite, async (near) =>
    slo === null
      ? { figures: await near.readLevelFigures(runs) }
      : near.readCapacityTrial({ slo, runs }),
  );
}

function failed(error: unknown): LevelOutcome {
  const cause = error instanceof ChildWorkflowFailure ? (error.cause ?? error) : error;
  if (isCancellation(cause)) {
    return { kind: 'failed', code: 'cancelled', reason: 'its benchmark was cancelled' };
  }
  const { code, message } = reasonOf(cause);
  return { kind: 'failed', code, reason: message };
}

function scenarioOf({ plan }: Suite, level: PlannedLevel): Scenario {
  const scenario = plan.scenarios.find(({ id }) => id === level.scenario);
  // The plan names no level of a scenario that it does not have.
  if (scenario === undefined) throw new Error(`no scenario ${level.scenario}`);
  return scenario;
}
