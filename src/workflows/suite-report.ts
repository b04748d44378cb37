// The end of a suite: its report, whole, or of what there is after a cancellation.

import { CancellationScope, isCancellation, upsertMemo } from '@temporalio/workflow';
import type { SuiteFacts } from '../activities/suite/interface.ts';
import { MEMO_OUTCOME } from '../contract/ids.ts';
import type { CapacityResult, LevelOutcome, LevelResult, SuiteOutcome } from '../contract/suite.ts';
import { reasonOf } from './failures.ts';
import { nearTheData, type Suite } from './suite-context.ts';

/** Runs the work and writes the report; when it is cancelled, a report of the finished levels first. */
export async function reported(
  suite: Suite,
  work: () => Promise<CapacityResult | null>,
): Promise<SuiteOutcome> {
  let capacity: CapacityResult | null;
  try {
    await leased(suite);
    capacity = await work();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => keepWhatThereIs(suite));
    throw error;
  }
  return CancellationScope.nonCancellable(() => report(suite, 'completed', capacity));
}

/** Its levels then load the target in its name, with nobody else's load between them. */
async function leased({ board, lease, plan }: Suite): Promise<void> {
  const address = plan.request.settings['serverAddr'];
  if (typeof address !== 'string') return;
  const onWaiting = (behind: readonly string[]): void =>
    board.enter({ kind: 'waiting-for-target', address, behind });
  await lease.acquire({ address, host: null, onWaiting });
}

/** After a cancellation: a report of the finished levels. Its failure must not hide the cancellation. */
async function keepWhatThereIs(suite: Suite): Promise<void> {
  try {
    upsertMemo({ [MEMO_OUTCOME]: await report(suite, 'cancelled', null) });
  } catch (error) {
    const { message } = reasonOf(error);
    suite.board.close([`Cancelled; no report could be written: ${message}`]);
  }
}

async function report(
  suite: Suite,
  status: SuiteFacts['status'],
  capacity: CapacityResult | null,
): Promise<SuiteOutcome> {
  const { board, key, plan, results } = suite;
  board.enter({ kind: 'writing-report' });
  const written = await nearTheData(suite).writeSuiteReport({
    suite: key,
    plan,
    ...(capacity === null ? {} : { capacity }),
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
    ...(capacity === null ? {} : { capacity }),
  };
}

/** A trial that shows an overload is what it is for, whatever its checks say. */
function isMeasuredInvalid({ outcome }: LevelResult): boolean {
  if (outcome.kind !== 'measured') return false;
  const { trial, verdict } = outcome;
  return trial === undefined ? verdict === 'INVALID' : trial.verdict === 'spoilt';
}
