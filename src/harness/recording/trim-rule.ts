// Which calls of a run are measured. Decided when a call begins, by when or as which it was meant to start,
// never by when it happened to end: that would cut fast calls first.

/**
 * `duration`: intended start in [startNs, endNs), on the clock of the run (not relative to the load's start).
 * `count`: index >= firstIndex, indices counted by intended start.
 */
export type TrimRule =
  | { readonly kind: 'none' }
  | { readonly kind: 'duration'; readonly startNs: number; readonly endNs: number }
  | { readonly kind: 'count'; readonly firstIndex: number };

/** A rule as numbers alone: measured is a call with index >= firstIndex and startNs <= intended start < endNs. */
export interface MeasuredBounds {
  readonly firstIndex: number;
  readonly startNs: number;
  readonly endNs: number;
}

export function measuredBounds(rule: TrimRule): MeasuredBounds {
  switch (rule.kind) {
    case 'none':
      return { firstIndex: -Infinity, startNs: -Infinity, endNs: Infinity };
    case 'duration':
      return { firstIndex: -Infinity, startNs: rule.startNs, endNs: rule.endNs };
    case 'count':
      return { firstIndex: rule.firstIndex, startNs: -Infinity, endNs: Infinity };
  }
}

export function sameRule(a: TrimRule, b: TrimRule): boolean {
  if (a.kind === 'duration' && b.kind === 'duration') {
    return a.startNs === b.startNs && a.endNs === b.endNs;
  }
  if (a.kind === 'count' && b.kind === 'count') return a.firstIndex === b.firstIndex;
  return a.kind === b.kind;
}
