// What there is of a cancelled benchmark of which no report could be written, such as while its host is away.

import type { Phase } from './run-plan.ts';

export interface KeptRuns {
  readonly host: string;
  /** The benchmark's, below `artifacts` in the host's state directory. */
  readonly directory: string;
  readonly counts: Readonly<Record<Phase, number>>;
  /** Why there is no report. */
  readonly reason: string;
}

/** For a person, wherever it is told. */
export function keptRunsText({ host, directory, counts, reason }: KeptRuns): string {
  const { warmup, measured } = counts;
  const runs = [...countOf(warmup, 'warm-up run'), ...countOf(measured, 'measured run')];
  const verb = warmup + measured === 1 ? 'is' : 'are';
  return (
    `${runs.join(' and ')} ${verb} kept on ${host}, in artifacts/${directory} of its state directory; ` +
    `no report could be written: ${reason}`
  );
}

function countOf(count: number, name: string): string[] {
  return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`];
}
