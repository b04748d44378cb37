// One stall spoils what was under way in it, however calm the rest of the run was: no reason to condemn the run, as its
// median second is, but one for its longest times and for deadlines that passed meanwhile.

import type { ProcessSample } from '../../contract/resources.ts';
import type { Warning } from '../../contract/warning.ts';
import { shown } from './gate-facts.ts';

const STALL_MS = 100;
/** Shorter ones are a hiccup of any host, also where calls have less time than that. */
const LEAST_STALL_MS = 10;

/** A loop that stood still for long, or for longer than a call has, ends calls later than their answers and their deadlines came. */
export function stallWarnings(
  samples: readonly Pick<ProcessSample, 'eventLoopDelayMaxUs'>[],
  requestTimeoutMs: number,
): Warning[] {
  const limitMs = Math.min(STALL_MS, Math.max(LEAST_STALL_MS, requestTimeoutMs));
  const stallsMs = samples
    .map(({ eventLoopDelayMaxUs }) => (eventLoopDelayMaxUs ?? 0) / 1000)
    .filter((stallMs) => stallMs > limitMs);
  if (stallsMs.length === 0) return [];
  const longest = shown(Math.round(Math.max(...stallsMs)));
  const message = `The generator's loop stood still for up to ${longest} ms (more than ${shown(limitMs)} ms in ${stallsMs.length} of ${samples.length} seconds): calls that were under way ended that much after their answers, or their deadlines, had come.`;
  return [{ code: 'generator-stalled', message }];
}
