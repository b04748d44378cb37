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

export function isMeasured(rule: TrimRule, index: number, intendedNs: number): boolean {
  switch (rule.kind) {
    case 'none':
      return true;
    case 'duration':
      return intendedNs >= rule.startNs && intendedNs < rule.endNs;
    case 'count':
      return index >= rule.firstIndex;
  }
}

export function sameRule(a: TrimRule, b: TrimRule): boolean {
  if (a.kind === 'duration' && b.kind === 'duration') {
    return a.startNs === b.startNs && a.endNs === b.endNs;
  }
  if (a.kind === 'count' && b.kind === 'count') return a.firstIndex === b.firstIndex;
  return a.kind === b.kind;
}
