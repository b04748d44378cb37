// What a watcher knows at one moment; the two displays are functions of it.

import type { LiveProgress } from '../../temporal/benchmark-client.ts';

export interface LiveState {
  readonly benchmarkId: string;
  /** Since this watcher began. */
  readonly watchedMs: number;
  /** The newest answer; null before the first. */
  readonly answer: LiveProgress | null;
  /** False while the Temporal server does not answer. */
  readonly inContact: boolean;
  readonly webUiUrl: string | null;
}

export interface ProgressView {
  /** Called for every look at the benchmark, in order. */
  show(state: LiveState): void;
  /** A line that stays. */
  note(line: string): void;
  /** Leaves the terminal as it was. */
  close(): void;
}
