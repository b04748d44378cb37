// Doubt as data: printed beside the number it is about, never instead of it.

export interface Warning {
  /** Stable, kebab case, for scripts. */
  readonly code: string;
  /** One sentence for a person, with the figures in it. */
  readonly message: string;
}

export const VERDICTS = ['VALID', 'WARN', 'INVALID'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Of a benchmark that was also held against its history: valid, and worse than what came before. */
export const OUTCOME_VERDICTS = [...VERDICTS, 'REGRESSED'] as const;
export type OutcomeVerdict = (typeof OUTCOME_VERDICTS)[number];

/** A validity check of one run: what was seen, what was allowed, and what follows. */
export interface GateResult {
  /** `G1` … `G16`, as docs/METHOD.md lists them. */
  readonly id: string;
  readonly name: string;
  readonly status: 'pass' | 'warn' | 'fail' | 'not-measured';
  /** null when the check could not be made; the message then says why. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string;
  readonly message: string;
}

export function verdictOf(gates: readonly GateResult[]): Verdict {
  if (gates.some((gate) => gate.status === 'fail')) return 'INVALID';
  return gates.some((gate) => gate.status === 'warn') ? 'WARN' : 'VALID';
}
