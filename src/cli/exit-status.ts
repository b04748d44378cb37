// How an end of a benchmark or an error becomes a number for scripts and a sentence for people.

import { EXIT_CODE, type ExitCode } from '../contract/exit-code.ts';
import { BenchmarkError, type FailureCode } from '../contract/failure.ts';
import { keptRunsText } from '../contract/kept-runs.ts';
import { REGRESSED_CODE } from '../contract/regression-watch.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import type { WorkflowEnd } from '../temporal/benchmark-api.ts';
import type { BenchmarkEnd } from '../temporal/benchmark-client.ts';

/** Errors that the user cures at the command line, not by trying again. */
const USAGE_CODES: ReadonlySet<FailureCode> = new Set([
  'config-invalid',
  'output-unwritable',
  'not-supported',
  'benchmark-not-found',
  'schedule-not-found',
  'schedule-exists',
  'steering-refused',
]);

export function exitCodeOfError(thrown: unknown): ExitCode {
  return thrown instanceof BenchmarkError && USAGE_CODES.has(thrown.code)
    ? EXIT_CODE.badUsage
    : EXIT_CODE.benchmarkFailed;
}

export function exitCodeOfEnd(end: BenchmarkEnd): ExitCode {
  if (end.kind === 'completed') return exitCodeOfOutcome(end.outcome);
  const missed = end.kind === 'failed' && end.code === REGRESSED_CODE;
  return missed ? EXIT_CODE.thresholdMissed : EXIT_CODE.benchmarkFailed;
}

/**
 * An INVALID result cannot tell whether a threshold was met, so 3 wins over 99; but failed calls and calls that were not sent
 * were counted, whatever else a gate found, so a missed share of them is 99 in any case.
 */
export function exitCodeOfOutcome({
  status,
  verdict,
  thresholds = [],
}: Pick<BenchmarkOutcome, 'status' | 'verdict' | 'thresholds'>): ExitCode {
  if (status !== 'completed') return EXIT_CODE.benchmarkFailed;
  const missed = thresholds.filter((threshold) => threshold.status !== 'pass');
  const sureMiss = missed.some(({ unit, status }) => unit === 'share' && status === 'fail');
  if (sureMiss) return EXIT_CODE.thresholdMissed;
  if (verdict === 'INVALID') return EXIT_CODE.resultInvalid;
  return missed.length > 0 ? EXIT_CODE.thresholdMissed : EXIT_CODE.ok;
}

/** Our own errors are sentences already; a stack is shown only of what we did not expect. */
export function explainError(thrown: unknown, verbose: boolean): string {
  if (thrown instanceof BenchmarkError && !verbose) return thrown.message;
  if (thrown instanceof Error) return verbose ? (thrown.stack ?? thrown.message) : thrown.message;
  return String(thrown);
}

/** Null for an end that needs no word beside its summary. */
export function explainEnd(benchmarkId: string, end: WorkflowEnd<unknown>): string | null {
  switch (end.kind) {
    case 'completed':
      return null;
    case 'cancelled':
      return (
        `Benchmark ${benchmarkId} was cancelled.` +
        (end.kept === undefined ? '' : ` ${keptRunsText(end.kept)}`)
      );
    case 'failed':
      return `Benchmark ${benchmarkId} failed (${end.code}): ${end.message}`;
    case 'terminated':
      return `Benchmark ${benchmarkId} was terminated: ${end.message}`;
    case 'timed-out':
      return `Benchmark ${benchmarkId} did not end in time: ${end.message}`;
  }
}
