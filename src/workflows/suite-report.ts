// The end of a suite: its report, whole, or of what there is after a cancellation.

import { CancellationScope, isCancellation, upsertMemo } from '@temporalio/workflow';
import type { SuiteFacts, WrittenSuiteReport } from '../activities/suite/interface.ts';
import { hostTaskQueue, MEMO_OUTCOME } from '../contract/ids.ts';
import { REGRESSED_CODE } from '../contract/regression-watch.ts';
import type { CapacityResult, LevelOutcome, LevelResult, SuiteOutcome } from '../contract/suite.ts';
import { hostActivities } from './activity-options.ts';
import { reasonOf, workflowFailure } from './failures.ts';
import { notifyAll, regressionMarkdown } from './regression-watch.ts';
import { nearTheData, type Suite } from './suite-context.ts';
import { setSearchAttributes } from './visibility.ts';

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
  return CancellationScope.nonCancellable(async () => {
    const outcome = await report(suite, 'completed', capacity);
    failIfRegressed(suite, outcome);
    return outcome;
  });
}

function failIfRegressed({ watch }: Suite, outcome: SuiteOutcome): void {
  if (outcome.verdict !== 'REGRESSED' || watch?.failOnRegression !== true) return;
  upsertMemo({ [MEMO_OUTCOME]: outcome });
  throw workflowFailure(
    REGRESSED_CODE,
    `REGRESSED: ${(outcome.reasons ?? []).join(' ')} The report is ${outcome.files.html}; ` +
      'a change that is wanted is acknowledged by loombench history acknowledge.',
  );
}

/** Its levels then load the target in its name, with nobody else's load between them. */
async function leased({ board, deadline, lease, plan }: Suite): Promise<void> {
  const address = plan.request.settings['serverAddr'];
  if (typeof address !== 'string') return;
  const onWaiting = (behind: readonly string[]): void =>
    board.enter({ kind: 'waiting-for-target', address, behind });
  const acquire = (): Promise<void> => lease.acquire({ address, host: null, onWaiting });
  await (deadline === null ? acquire() : deadline.suspendDuring(acquire));
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
  const facts = {
    suite: key,
    plan,
    ...(capacity === null ? {} : { capacity }),
    status,
    startedAtUtc: new Date(suite.startedAtMs).toISOString(),
    finishedAtUtc: new Date().toISOString(),
    tookMs: Date.now() - suite.startedAtMs,
    levels: results,
  };
  const written = await nearTheData(suite, (near) => near.writeSuiteReport(facts));
  const count = (kind: LevelOutcome['kind']): number =>
    results.filter(({ outcome }) => outcome.kind === kind).length;
  const { verdict = null, reasons = [] } = written;
  setSearchAttributes(suite.searchAttributes, { BenchmarkVerdict: verdict });
  const troubles = status === 'completed' ? await tellOf(suite, written) : [];
  board.close([
    ...(verdict === null
      ? []
      : [`**${verdict}**${status === 'cancelled' ? ' (cancelled: partial)' : ''}`, '']),
    ...reasons.map((reason) => `- ${reason}`),
    ...troubles,
    '',
    `Report: \`${written.files.html}\` on ${written.host}`,
  ]);
  return board.conclude({
    suiteId: key.workflowId,
    status,
    measured: count('measured'),
    invalid: count('invalid') + results.filter(isMeasuredInvalid).length,
    failed: count('failed'),
    skipped: count('skipped'),
    ...written,
    ...(capacity === null ? {} : { capacity }),
  });
}

/** Word of what is worse, once for all levels. Markdown of what went wrong with it. */
async function tellOf(
  { key, watch }: Suite,
  { files, host, reasons = [], regression, verdict }: WrittenSuiteReport,
): Promise<string[]> {
  if (watch === null || verdict !== 'REGRESSED' || regression === undefined) return [];
  const { notify } = hostActivities(hostTaskQueue(host), undefined);
  return notifyAll(notify, watch, {
    kind: 'loombench-suite-regression',
    suiteId: key.workflowId,
    verdict,
    regression,
    markdown: regressionMarkdown(key.workflowId, reasons),
    report: files.json,
    host,
  });
}

/** A trial that shows an overload is what it is for, whatever its checks say. */
function isMeasuredInvalid({ outcome }: LevelResult): boolean {
  if (outcome.kind !== 'measured') return false;
  const { trial, verdict } = outcome;
  return trial === undefined ? verdict === 'INVALID' : trial.verdict === 'spoilt';
}
