// Every situation in which a benchmark cannot go on, by code. A failed *call* is data and never one of these.

export const FAILURE_CODES = [
  'config-invalid',
  'output-unwritable',
  'target-unreachable',
  'target-refused-plan',
  'target-died',
  'target-start-failed',
  'generator-died',
  'generator-failed',
  'run-cancelled',
  'run-superseded',
  'artifact-corrupt',
  'artifact-missing',
  'disk-full',
  'memory-low',
  'temporal-unreachable',
  'temporal-cli-missing',
  'temporal-start-failed',
  'port-in-use',
  'benchmark-not-found',
  'schedule-not-found',
  'schedule-exists',
  'steering-refused',
  'lease-lost',
  'host-lost',
  'not-supported',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** Codes after which trying the same thing again cannot help. */
const FINAL_CODES: ReadonlySet<FailureCode> = new Set([
  'config-invalid',
  'output-unwritable',
  'target-unreachable',
  'target-refused-plan',
  'artifact-corrupt',
  'memory-low',
  'benchmark-not-found',
  'schedule-not-found',
  'schedule-exists',
  'steering-refused',
  'not-supported',
]);

export function isFinal(code: FailureCode): boolean {
  return FINAL_CODES.has(code);
}

/** The message is a sentence for the user and names the next step; `details` carries the fields behind it. */
export class BenchmarkError extends Error {
  override readonly name = 'BenchmarkError';
  readonly code: FailureCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: FailureCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The single funnel for "something was thrown": keeps our own errors, wraps the rest under `fallback`. */
export function toBenchmarkError(thrown: unknown, fallback: FailureCode): BenchmarkError {
  if (thrown instanceof BenchmarkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new BenchmarkError(fallback, message, { cause: thrown });
}
