// Binds the two displays to stderr: a redrawn block on a terminal, one line per event elsewhere.

import { createLogUpdate } from 'log-update';
import { say, type CliContext } from '../context.ts';
import { blockLines } from './block.ts';
import { contactEvents, eventsBetween } from './events.ts';
import type { LiveState, ProgressView } from './live-state.ts';

const DEFAULT_COLUMNS = 80;

export function createProgressView(context: CliContext): ProgressView {
  return context.stderr.isTTY === true && context.env['TERM'] !== 'dumb'
    ? blockView(context)
    : plainView(context);
}

export function plainView(context: CliContext): ProgressView {
  let previous: LiveState | null = null;
  return {
    show: (state) => {
      for (const line of eventsBetween(previous, state)) say(context, line);
      previous = state;
    },
    note: (line) => say(context, line),
    close: () => undefined,
  };
}

function blockView(context: CliContext): ProgressView {
  const redraw = createLogUpdate(process.stderr);
  let previous: LiveState | null = null;
  const columns = (): number => context.stderr.columns ?? DEFAULT_COLUMNS;
  const draw = (state: LiveState): void => redraw(blockLines(state, columns()).join('\n'));
  const note = (line: string): void => {
    redraw.clear();
    say(context, line);
    if (previous !== null) draw(previous);
  };
  return {
    show: (state) => {
      for (const line of contactEvents(previous, state)) note(line);
      previous = state;
      draw(state);
    },
    note,
    close: () => redraw.clear(),
  };
}
