// The frame of every command that talks to Temporal: interruption, display, session, and all three closed again.

import { EXIT_CODE } from '../contract/exit-code.ts';
import { say, type CliContext } from './context.ts';
import { watchInterruption } from './interruption.ts';
import type { ProgressView } from './progress/live-state.ts';
import { createProgressView } from './progress/terminal-view.ts';
import { openSession, type Session } from './session.ts';

export interface SessionPlace {
  readonly context: CliContext;
  readonly session: Session;
  readonly view: ProgressView;
  readonly signal: AbortSignal;
}

export async function inSession(
  context: CliContext,
  options: { readonly worker: boolean },
  work: (place: SessionPlace) => Promise<void>,
): Promise<void> {
  const interruption = watchInterruption();
  const { signal } = interruption;
  const view = createProgressView(context);
  let session: Session | null = null;
  try {
    session = await openSession({
      context,
      worker: options.worker,
      signal,
      log: (line) => view.note(line),
    });
    await work({ context, session, view, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    say(context, 'Interrupted.');
    context.exitWith(EXIT_CODE.interrupted);
  } finally {
    view.close();
    await session?.close();
    interruption.dispose();
  }
}
