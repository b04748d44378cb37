// A value as JSON holds it: what JSON cannot say (NaN, Infinity, undefined, -0) is turned into what it can, and
// every figure lost that way is named, so that absence stays visible as null with a reason beside it.

export interface JsonSafe<T> {
  readonly value: T;
  /** Paths of numbers that were not finite and are null now. */
  readonly lost: readonly string[];
}

/** Equal to `JSON.parse(JSON.stringify(value))`, and says where a number was lost. */
export function jsonSafe<T>(value: T): JsonSafe<T> {
  const lost: string[] = [];
  const clean = (member: unknown, path: () => string): unknown => {
    if (typeof member === 'number') {
      if (!Number.isFinite(member)) lost.push(path());
      return Number.isFinite(member) ? member + 0 : null; // -0 + 0 is 0
    }
    if (typeof member !== 'object' || member === null) return member;
    if (Array.isArray(member)) {
      if (isOfPlainNumbers(member)) return member; // millions of latencies, which need no copy
      return member.map((item, index) => clean(item, () => `${path()}[${index}]`));
    }
    const kept = Object.entries(member).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(
      kept.map(([key, inner]) => [key, clean(inner, () => joined(path(), key))]),
    );
  };
  // Same shape but for nulls in the place of non-finite numbers, which `lost` declares.
  return { value: clean(value, () => '') as T, lost };
}

function isOfPlainNumbers(list: readonly unknown[]): boolean {
  return list.every((item) => Number.isFinite(item) && !Object.is(item, -0));
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
