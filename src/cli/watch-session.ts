// Watching within a session, for `run` and `attach` alike: progress until the end, then the result; or, when the user
// interrupts, how to go on.

import { setTimeout as delay } from 'node:timers/promises';
import { EXIT_CODE } from '../contract/exit-code.ts';
import { shellText } from './command-line.ts';
import { conclude, type OutputWishes } from './conclude.ts';
import { say, type CliContext } from './context.ts';
import type { ProgressView } from './progress/live-state.ts';
import type { Session } from './session.ts';
import { watchBenchmark } from './watch-benchmark.ts';

export interface WatchedSession {
  readonly context: CliContext;
  readonly session: Session;
  readonly view: ProgressView;
  readonly signal: AbortSignal;
  readonly wishes: OutputWishes;
  /** Whether this process runs a worker. */
  readonly worker: boolean;
  /** Arguments that resume the benchmark. */
  readonly resumeArgs: readonly string[];
}

const LOOK_INTERVAL_MS = 500;

export async function watchToTheEnd(benchmarkId: string, watched: WatchedSession): Promise<void> {
  const { context, session, view, signal } = watched;
  const webUiUrl = session.webUiUrl(benchmarkId);
  const watch = await Promise.race([
    session.workerFailure,
    watchBenchmark(benchmarkId, {
      client: session.client,
      view,
      webUiUrl,
      signal,
      intervalMs: LOOK_INTERVAL_MS,
      nowMs: () => performance.now(),
      sleep: async (ms, over) => {
        await delay(ms, undefined, { signal: over }).catch(() => undefined);
      },
    }),
  ]);
  if (watch.kind === 'interrupted') {
    say(context, goOnText(benchmarkId, watched));
    context.exitWith(EXIT_CODE.interrupted);
    return;
  }
  await conclude(context, {
    benchmarkId,
    end: watch.end,
    wishes: watched.wishes,
    stateDirectory: session.stateDirectory,
    webUiUrl,
  });
}

export function goOnText(
  benchmarkId: string,
  {
    session,
    worker,
    resumeArgs,
  }: {
    readonly session: Pick<Session, 'embedded' | 'address'>;
    readonly worker: boolean;
    readonly resumeArgs: readonly string[];
  },
): string {
  const attach = `loombench attach ${shellText([benchmarkId])}`;
  if (!worker && !session.embedded) {
    return (
      `Interrupted. Benchmark ${benchmarkId} goes on with the workers of ${session.address}.\n` +
      `Watch it again: ${attach} --no-worker\n` +
      `Stop it:        loombench cancel ${shellText([benchmarkId])}`
    );
  }
  return (
    `Interrupted. Benchmark ${benchmarkId} rests; its finished runs are kept, the run under way is measured again.\n` +
    `Go on: loombench ${shellText(resumeArgs)}\n` +
    `or:    ${attach}`
  );
}
