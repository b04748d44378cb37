// The end of a benchmark: its figures over all runs, the report on the measuring host's disk, and what the workflow returns.

import { patched, upsertMemo } from '@temporalio/workflow';
import type { BenchmarkFacts, BenchmarkSummary, HostFacts } from '../activities/interface.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { benchmarkDirectoryName, MEMO_KEPT, MEMO_OUTCOME } from '../contract/ids.ts';
import { keptRunsText, type KeptRuns } from '../contract/kept-runs.ts';
import { REGRESSED_CODE } from '../contract/regression-watch.ts';
import { seriesKey, type BenchmarkContext } from './benchmark-context.ts';
import { workflowFailure } from './failures.ts';
import { watchRegression, type WatchResult } from './regression-watch.ts';
import { finishedCounts, refsOf } from './run-ledger.ts';
import { setSearchAttributes } from './visibility.ts';

const NOT_WATCHED: WatchResult = { finding: null, lines: [] };

/** Fails, with the report in the memo, when no measured run succeeded, or by a regression where that is wanted. */
export async function concludeBenchmark(
  context: BenchmarkContext,
  host: HostFacts,
): Promise<BenchmarkOutcome> {
  const outcome = await report(context, host, 'completed');
  failIfRegressed(context, outcome);
  const runs = context.agenda.state.counts.measured;
  const lost = context.board.ledger.failed.filter((run) => run.key.phase === 'measured');
  const first = lost[0];
  if (context.board.ledger.done.measured.length > 0 || first === undefined) return outcome;
  upsertMemo({ [MEMO_OUTCOME]: outcome });
  throw workflowFailure(
    first.code,
    `None of the ${runs} measured runs could be measured. The first failed so: ${first.message} ` +
      `What there is, is in ${outcome.report.path}.`,
  );
}

function failIfRegressed({ prepared }: BenchmarkContext, outcome: BenchmarkOutcome): void {
  if (outcome.verdict !== 'REGRESSED' || prepared.watch?.failOnRegression !== true) return;
  upsertMemo({ [MEMO_OUTCOME]: outcome });
  throw workflowFailure(
    REGRESSED_CODE,
    `REGRESSED: ${(outcome.regression?.reasons ?? []).join(' ')} The report is ${outcome.report.path}; ` +
      'a change that is wanted is acknowledged by loombench history acknowledge.',
  );
}

/** After a cancellation: a report of the finished runs, marked as partial. Its failure must not hide the cancellation. */
export async function keepWhatThereIs(context: BenchmarkContext, host: HostFacts): Promise<void> {
  try {
    upsertMemo({ [MEMO_OUTCOME]: await report(context, host, 'cancelled') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const kept = keptRuns(context, host, reason);
    if (kept !== null && patched('kept-runs')) upsertMemo({ [MEMO_KEPT]: kept });
    context.board.close([
      kept === null
        ? `Cancelled; no report could be written: ${reason}`
        : `Cancelled. ${keptRunsText(kept)}`,
    ]);
  }
}

/** Only their files hold enough for a report, and those are on the host that measured them. null: none was finished. */
function keptRuns(
  { board, key }: BenchmarkContext,
  { host }: HostFacts,
  reason: string,
): KeptRuns | null {
  const counts = finishedCounts(board.ledger);
  if (counts.warmup + counts.measured === 0) return null;
  return { host, directory: benchmarkDirectoryName(key), counts, reason };
}

async function report(
  context: BenchmarkContext,
  host: HostFacts,
  status: BenchmarkFacts['status'],
): Promise<BenchmarkOutcome> {
  const { board, key, prepared } = context;
  const { home } = context;
  const facts = factsOf(context, host, status);
  board.enter({ kind: 'summarizing' });
  const summary = await home.at(host, (near) => near.summarize(facts));
  board.enter({ kind: 'writing-report' });
  const written = await home.at(host, (near) => near.writeReport({ facts, summary }));
  const watched =
    status === 'completed' ? await watchRegression(context, host, written) : NOT_WATCHED;
  const regressed = watched.finding?.kind === 'regressed';
  const verdict = regressed ? 'REGRESSED' : summary.verdict;
  const reasons = regressed ? [...watched.finding.reasons, ...summary.reasons] : summary.reasons;
  setSearchAttributes(prepared.searchAttributes, {
    BenchmarkVerdict: verdict,
    ...(summary.verdict === 'INVALID' ? {} : headline(summary)), // no figure that failed a check
  });
  board.close([
    `**${verdict}**${status === 'cancelled' ? ' (cancelled: partial)' : ''}`,
    '', // without it the Web UI shows no list
    ...reasons.map((reason) => `- ${reason}`),
    ...watched.lines,
    '',
    `Report: \`${written.outputPath ?? written.report.path}\` on ${host.host}`,
  ]);
  return board.conclude({
    benchmarkId: key.workflowId,
    verdict,
    reasons,
    ...(watched.finding === null ? {} : { regression: watched.finding }),
    ...(summary.thresholds === undefined ? {} : { thresholds: summary.thresholds }),
    status,
    aggregate: summary.aggregate,
    runs: board.ledger.listed,
    finishedCounts: finishedCounts(board.ledger),
    failedRuns: board.ledger.failed,
    ...discardedOf(board),
    report: written.report,
    outputPath: written.outputPath,
    host: host.host,
  });
}

function factsOf(
  context: BenchmarkContext,
  host: HostFacts,
  status: BenchmarkFacts['status'],
): BenchmarkFacts {
  const { agenda, board, prepared } = context;
  return {
    benchmark: seriesKey(context),
    // Runs that were added were asked for, too.
    config: { ...prepared.config, runs: agenda.state.counts.measured },
    configHash: prepared.configHash,
    environment: host.environment,
    startedAtUtc: context.startedAtUtc,
    // In a workflow Date is the time of the task in history, so a replay says the same.
    finishedAtUtc: new Date().toISOString(),
    status,
    warmups: refsOf(board.ledger, 'warmup'),
    runs: refsOf(board.ledger, 'measured'),
    failedRuns: board.ledger.failed,
    ...discardedOf(board),
  };
}

function discardedOf({
  ledger: { discarded },
}: BenchmarkContext['board']): Pick<BenchmarkFacts, 'discarded'> {
  return discarded === undefined ? {} : { discarded };
}

function headline({ aggregate }: BenchmarkSummary): {
  readonly BenchmarkThroughputRps: number | null;
  readonly BenchmarkLatencyP99Us: number | null;
} {
  return {
    BenchmarkThroughputRps: aggregate.throughput_rps.median,
    BenchmarkLatencyP99Us: aggregate.latency_p99_us.median,
  };
}
