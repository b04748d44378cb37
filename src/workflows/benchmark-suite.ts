// A suite as a durable sequence of benchmarks: plan, then level by level decide, measure and read, then report. Each level
// is a workflow of its own, so that it can be watched, paused and started again alone, and so that its failure is a result
// among others. Which level comes next, and whether, is an activity's word and stands in history.

import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  sleep,
  startChild,
  TemporalFailure,
  upsertMemo,
  workflowInfo,
  type ActivityInterfaceFor,
} from '@temporalio/workflow';
import type {
  PreparedSuite,
  SuiteActivities,
  SuiteFacts,
  TargetState,
} from '../activities/suite/interface.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { hostTaskQueue, levelBenchmarkId, MEMO_OUTCOME } from '../contract/ids.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { LevelOutcome, LevelResult, PlannedLevel, SuiteOutcome } from '../contract/suite.ts';
import { LIGHT } from './activity-options.ts';
import type { benchmark } from './benchmark.ts';
import { asWorkflowFailure, reasonOf } from './failures.ts';
import { LeaseHold } from './lease-hold.ts';
import { SuiteBoard } from './suite-board.ts';
import { setSearchAttributes } from './visibility.ts';

const anywhere = proxyActivities<SuiteActivities>(LIGHT);
/** A calibration waits while another benchmark measures on the host. */
const calibrating = proxyActivities<SuiteActivities>({
  ...LIGHT,
  startToCloseTimeout: '6h',
  heartbeatTimeout: '10s',
});

interface Suite {
  readonly key: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;
  readonly prepared: PreparedSuite;
  readonly board: SuiteBoard;
  readonly startedAtMs: number;
  readonly results: LevelResult[];
  /** Where the latest level was measured; its disk has what was measured. */
  host: string | null;
}

/** Workflow type `benchmarkSuite`. `raw` as `SuiteRequest` in a file's form; nothing is all twelve scenarios. */
export async function benchmarkSuite(raw?: unknown): Promise<SuiteOutcome> {
  const board = new SuiteBoard();
  const lease = new LeaseHold();
  try {
    return await lease.during(() => runSuite(raw, board, lease));
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof TemporalFailure && error.name === 'ApplicationFailure') throw error;
    throw asWorkflowFailure(error);
  }
}

async function runSuite(raw: unknown, board: SuiteBoard, lease: LeaseHold): Promise<SuiteOutcome> {
  const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
  const prepared = await anywhere.planSuite(raw ?? null);
  const { plan, searchAttributes } = prepared;
  board.plan(plan);
  const address = plan.request.settings['serverAddr'];
  setSearchAttributes(searchAttributes, {
    BenchmarkScenario: `suite of ${plan.scenarios.length}`,
    BenchmarkTarget: typeof address === 'string' && address !== '' ? address : 'embedded',
  });
  const suite: Suite = {
    key: { workflowId, firstExecutionRunId },
    prepared,
    board,
    startedAtMs: startTime.getTime(),
    results: [],
    host: null,
  };
  try {
    if (typeof address === 'string') {
      const onWaiting = (behind: readonly string[]): void =>
        board.enter({ kind: 'waiting-for-target', address, behind });
      // Its levels then load the target in its name, with nobody else's load between them.
      await lease.acquire({ address, host: null, onWaiting });
    }
    await measureAll(suite);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => keepWhatThereIs(suite));
    throw error;
  }
  return CancellationScope.nonCancellable(() => report(suite, 'completed'));
}

async function measureAll(suite: Suite): Promise<void> {
  const { board, prepared, results } = suite;
  const { levels, request } = prepared.plan;
  for (const [index, level] of levels.entries()) {
    const measuredBefore = results.some(({ outcome }) => outcome.kind === 'measured');
    if (measuredBefore && request.levelCooldownMs > 0) {
      board.enter({ kind: 'cooling-down' });
      await sleep(request.levelCooldownMs);
    }
    await board.whilePaused();
    const result = await oneLevel(suite, level, index + 1);
    results.push(result);
    board.finished(result);
  }
}

async function oneLevel(suite: Suite, level: PlannedLevel, position: number): Promise<LevelResult> {
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

interface Place {
  readonly benchmarkId: string;
  readonly position: number;
}

async function outcomeOf(suite: Suite, level: PlannedLevel, place: Place): Promise<LevelOutcome> {
  try {
    const decision = await nearTheData(suite).decideLevel({
      scenario: scenarioOf(suite, level),
      level,
      results: suite.results.filter(({ scenario }) => scenario === level.scenario),
    });
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
  const { request } = suite.prepared.plan;
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
    staticSummary: `level ${position}/${suite.prepared.plan.levels.length} of suite ${suite.key.workflowId}`,
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
    figures: await nearTheData(suite).readLevelFigures(runs.map(({ key }) => key)),
    runs: runs.length,
    failedRuns: outcome.failedRuns.length,
    report: outcome.report,
    host: outcome.host,
  };
}

function failed(error: unknown): LevelOutcome {
  const cause = error instanceof ChildWorkflowFailure ? (error.cause ?? error) : error;
  if (isCancellation(cause)) {
    return { kind: 'failed', code: 'cancelled', reason: 'its benchmark was cancelled' };
  }
  const { code, message } = reasonOf(cause);
  return { kind: 'failed', code, reason: message };
}

/** After a cancellation: a report of the finished levels. Its failure must not hide the cancellation. */
async function keepWhatThereIs(suite: Suite): Promise<void> {
  try {
    upsertMemo({ [MEMO_OUTCOME]: await report(suite, 'cancelled') });
  } catch (error) {
    const { message } = reasonOf(error);
    suite.board.close([`Cancelled; no report could be written: ${message}`]);
  }
}

async function report(suite: Suite, status: SuiteFacts['status']): Promise<SuiteOutcome> {
  const { board, key, prepared, results } = suite;
  board.enter({ kind: 'writing-report' });
  const written = await nearTheData(suite).writeSuiteReport({
    suite: key,
    plan: prepared.plan,
    status,
    startedAtUtc: new Date(suite.startedAtMs).toISOString(),
    finishedAtUtc: new Date().toISOString(),
    tookMs: Date.now() - suite.startedAtMs,
    levels: results,
  });
  const count = (kind: LevelOutcome['kind']): number =>
    results.filter(({ outcome }) => outcome.kind === kind).length;
  board.close([`Report: \`${written.files.html}\` on ${written.host}`]);
  return {
    suiteId: key.workflowId,
    status,
    measured: count('measured'),
    invalid: count('invalid') + results.filter(isMeasuredInvalid).length,
    failed: count('failed'),
    skipped: count('skipped'),
    ...written,
  };
}

/** On the host that measures; before anything was measured, on any. */
function nearTheData({ host }: Suite): ActivityInterfaceFor<SuiteActivities> {
  return host === null
    ? anywhere
    : proxyActivities<SuiteActivities>({ ...LIGHT, taskQueue: hostTaskQueue(host) });
}

function scenarioOf({ prepared }: Suite, level: PlannedLevel): Scenario {
  const scenario = prepared.plan.scenarios.find(({ id }) => id === level.scenario);
  // The plan names no level of a scenario that it does not have.
  if (scenario === undefined) throw new Error(`no scenario ${level.scenario}`);
  return scenario;
}

function isMeasuredInvalid({ outcome }: LevelResult): boolean {
  return outcome.kind === 'measured' && outcome.verdict === 'INVALID';
}
