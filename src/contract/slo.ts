// When an answer is of use, said before the first run: conditions that must all hold for the same call. Goodput counts
// the calls for which they do. A threshold judges a figure over all calls instead.

/**
 * `latency` is the headline latency; `ttfm` and `ttft` are the times to the first message and to the first token, `tpot` is
 * the time per token after the first, `max_gap` the longest wait between two messages of a stream.
 */
export const SLO_SUBJECTS = ['latency', 'ttfm', 'ttft', 'tpot', 'max_gap'] as const;
export type SloSubject = (typeof SLO_SUBJECTS)[number];

export const SLO_COMPARISONS = ['<', '<='] as const;

export interface SloCondition {
  readonly subject: SloSubject;
  readonly comparison: (typeof SLO_COMPARISONS)[number];
  readonly limitUs: number;
  /** As the user wrote it. */
  readonly text: string;
}

/** How one may declare it. */
export interface SloDeclaration {
  readonly slo?: readonly SloCondition[] | undefined;
  readonly sloLatencyMs?: number | undefined;
}

/** Empty: none was declared. */
export function declaredSlo({ slo, sloLatencyMs }: SloDeclaration): readonly SloCondition[] {
  if (slo !== undefined) return slo;
  if (sloLatencyMs === undefined) return [];
  const limitUs = sloLatencyMs * 1000;
  return [{ subject: 'latency', comparison: '<=', limitUs, text: `latency<=${sloLatencyMs}ms` }];
}
