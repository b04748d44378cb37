// "Did you mean …": the known name nearest to a mistyped one, by edit distance with transpositions.

/** Null when nothing is near enough to be a plausible slip: at most a third of the longer name may differ. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const wanted = name.toLowerCase();
  let best: { name: string; distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (best === null || distance < best.distance) best = { name: candidate, distance };
  }
  if (best === null) return null;
  const limit = Math.max(1, Math.floor(Math.max(name.length, best.name.length) / 3));
  return best.distance <= limit ? best.name : null;
}

/** Optimal string alignment: insert, delete, replace, or swap two neighbours, each at cost 1. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      current.push(cell(a, b, { row, column, rows, current }));
    }
    rows.push(current);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

interface Position {
  readonly row: number;
  readonly column: number;
  readonly rows: readonly (readonly number[])[];
  readonly current: readonly number[];
}

function cell(a: string, b: string, at: Position): number {
  const { row, column, rows, current } = at;
  const previous = rows[row - 1] ?? [];
  const same = a[row - 1] === b[column - 1];
  const plainCost = Math.min(
    (previous[column] ?? 0) + 1,
    (current[column - 1] ?? 0) + 1,
    (previous[column - 1] ?? 0) + (same ? 0 : 1),
  );
  const swapped =
    row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return swapped ? Math.min(plainCost, (rows[row - 2]?.[column - 2] ?? 0) + 1) : plainCost;
}
