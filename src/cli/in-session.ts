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

const INTERRUPTED_BEFORE =
  'Interrupted before anything was asked for: nothing was started or changed.';
const INTERRUPTED =
  'Interrupted: the server may have taken what was asked for. See what there is: loombench list';

export async function inSession(
  context: CliContext,
  options: { readonly worker: boolean },
  work: (place: SessionPlace) => Promise<void>,
): Promise<void> {
  const interruption = watchInterruption();
  const { signal } = interruption;
  const view = createProgressView(context);
  let session: Session | null = null;
  let began = false;
  try {
    session = await openSession({
      context,
      worker: options.worker,
      signal,
      log: (line) => view.note(line),
    });
    signal.throwIfAborted();
    began = true;
    await work({ context, session, view, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    say(context, began ? INTERRUPTED : INTERRUPTED_BEFORE);
    context.exitWith(EXIT_CODE.interrupted);
  } finally {
    view.close();
    await session?.close();
    interruption.dispose();
  }
}
