// What a person means by an id: the result of a benchmark, or with the id of a suite those of all its levels.

import type { History } from '../contract/history.ts';
import { isLevelOf } from '../contract/ids.ts';

/** Ids of benchmarks that have a result which counts; empty when there is none of that name. */
export function namedResults({ series }: History, id: string): string[] {
  const known = series.flatMap(({ entries }) => entries.map(({ benchmarkId }) => benchmarkId));
  return known.includes(id) ? [id] : [...new Set(known.filter((one) => isLevelOf(id, one)))];
}
