// `suite` with Temporal: starts the suite, or goes on with the one of that id or of that request, and watches it.

import { setTimeout as delay } from 'node:timers/promises';
import { EXIT_CODE, type ExitCode } from '../../contract/exit-code.ts';
import { BenchmarkError } from '../../contract/failure.ts';
import { executionTimeoutMs } from '../../contract/run-bound.ts';
import { REGRESSED_CODE } from '../../contract/regression-watch.ts';
import type { SuiteOutcome } from '../../contract/suite.ts';
import { suiteOutcomeText } from '../../report/suite-text.ts';
import type { SequenceKind, SuiteEnd } from '../../temporal/suite-client.ts';
import { printResult, say } from '../context.ts';
import { explainEnd } from '../exit-status.ts';
import type { SessionPlace } from '../in-session.ts';
import { goOnText } from '../watch-session.ts';
import { untilAborted } from '../interruption.ts';
import { createSuiteView, type SuiteView, type SuiteViewState } from './suite-view.ts';

export interface SuiteRun {
  readonly kind: SequenceKind;
  readonly input: { readonly raw: unknown; readonly requestHash: string };
  /** One line for the Web UI. */
  readonly summary: string;
  /** By when it is over by its own plan, ms after its start. */
  readonly boundMs: number;
  /** null: one under way for the same request is gone on with, else a fresh id is taken. */
  readonly suiteId: string | null;
  readonly freshId: () => string;
  readonly json: boolean;
  readonly worker: boolean;
  /** Arguments that resume the suite of that id. */
  readonly resumeArgs: (suiteId: string) => readonly string[];
}

const LOOK_INTERVAL_MS = 1_000;

export async function startAndWatchSuite(place: SessionPlace, run: SuiteRun): Promise<void> {
  const { session, view } = place;
  const { raw, requestHash } = run.input;
  const suiteId = run.suiteId ?? (await session.suites.findRunning(requestHash)) ?? run.freshId();
  const started = await session.suites.start(
    {
      benchmarkId: suiteId,
      raw,
      configHash: requestHash,
      summary: run.summary,
      executionTimeoutMs: executionTimeoutMs(run.boundMs),
    },
    run.kind,
  );
  const webUiUrl = session.webUiUrl(suiteId);
  view.note(
    `${started.kind === 'started' ? 'Started' : 'Joined'} ${run.kind} ${suiteId}.` +
      (webUiUrl === null ? '' : `\nWeb UI: ${webUiUrl}`),
  );
  if (started.kind === 'attached' && started.sameConfig === false) {
    view.note(`Beware: ${suiteId} exists with another request, and that one counts.`);
  }
  await watchSuiteToTheEnd(place, { ...run, suiteId, resumeArgs: run.resumeArgs(suiteId) });
}

export interface WatchedSuite {
  readonly suiteId: string;
  readonly json: boolean;
  readonly worker: boolean;
  readonly resumeArgs: readonly string[];
}

export async function watchSuiteToTheEnd(place: SessionPlace, suite: WatchedSuite): Promise<void> {
  const { context, session, signal } = place;
  const { suiteId } = suite;
  const view = createSuiteView(context);
  const over = new AbortController();
  const ended = session.suites.result(suiteId, AbortSignal.any([signal, over.signal]));
  ended.catch(() => undefined);
  const looking = lookUntil(place, { suiteId, view, over: over.signal });
  const end = await Promise.race([
    session.workerFailure,
    untilAborted(signal).then(() => null),
    ended,
  ]).finally(async () => {
    over.abort();
    await looking;
  });
  if (end !== null) await look(place, suiteId, view);
  view.close();
  if (end === null) {
    say(context, goOnText(suiteId, { session, ...suite }));
    context.exitWith(EXIT_CODE.interrupted);
    return;
  }
  conclude(place, suite, end);
}

async function lookUntil(
  place: SessionPlace,
  { suiteId, view, over }: { suiteId: string; view: SuiteView; over: AbortSignal },
): Promise<void> {
  while (!over.aborted) {
    await look(place, suiteId, view);
    await delay(LOOK_INTERVAL_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** An outage of the server is waited for: the suite lives on the server and the worker, not here. */
async function look({ session }: SessionPlace, suiteId: string, view: SuiteView): Promise<void> {
  try {
    const { progress } = await session.suites.progress(suiteId);
    if (progress === null) return;
    const level: SuiteViewState['level'] =
      progress.stage.kind === 'measuring'
        ? await session.client.progress(progress.stage.benchmarkId)
        : null;
    view.show({ suiteId, progress, level });
  } catch (error) {
    // The level's benchmark may not have begun yet.
    if (!(error instanceof BenchmarkError)) throw error;
  }
}

function conclude({ context }: SessionPlace, suite: WatchedSuite, end: SuiteEnd): void {
  const outcome = 'outcome' in end ? end.outcome : null;
  if (outcome !== null) {
    printResult(context, suite.json ? JSON.stringify(outcome) : suiteOutcomeText(outcome));
  }
  const word = explainEnd(suite.suiteId, end);
  if (word !== null) say(context, word);
  context.exitWith(exitCodeOfSuite(end));
}

export function exitCodeOfSuite(end: SuiteEnd): ExitCode {
  if (end.kind === 'completed') return exitCodeOf(end.outcome);
  const missed = end.kind === 'failed' && end.code === REGRESSED_CODE;
  return missed ? EXIT_CODE.thresholdMissed : EXIT_CODE.benchmarkFailed;
}

/** A level that failed or is INVALID does not end a suite, but a script must see that not all is well. */
function exitCodeOf({ capacity, measured, invalid, failed }: SuiteOutcome): ExitCode {
  if (measured === 0) return EXIT_CODE.benchmarkFailed;
  // Trials that were spoilt were repeated.
  if (capacity !== undefined) return capacity.confirmed ? EXIT_CODE.ok : EXIT_CODE.resultInvalid;
  return invalid + failed > 0 ? EXIT_CODE.resultInvalid : EXIT_CODE.ok;
}
