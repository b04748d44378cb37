// Benchmarks as a table.

import { textTable } from '../report/text-table.ts';
import type { BenchmarkListItem } from '../temporal/benchmark-client.ts';

const TITLES = ['id', 'state', 'verdict', 'scenario', 'target', 'started'] as const;

export function listText(items: readonly BenchmarkListItem[]): string {
  if (items.length === 0) return 'No benchmarks yet. Start one: loombench run quick';
  return textTable(
    TITLES.map((title) => ({ title, align: 'left' })),
    items.map((item) => [
      item.benchmarkId,
      item.state,
      item.verdict ?? '-',
      item.scenario ?? (item.kind === 'suite' ? 'suite' : '-'),
      item.target ?? '-',
      item.startedAtUtc,
    ]),
  );
}
