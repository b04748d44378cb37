// What the shell sees. Scripts rely on these numbers.

export const EXIT_CODE = {
  ok: 0,
  benchmarkFailed: 1,
  badUsage: 2,
  resultInvalid: 3,
  thresholdMissed: 99,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];
