// The very first call of a run, kept apart from the others: it meets a cold server.

import type { Outcome } from './outcome.ts';

export interface FirstCall {
  /** From dispatch to end. */
  readonly latencyUs: number;
  readonly outcome: Outcome;
}
