// What a retention policy removes, or would remove, in words.

import type { Retention } from '../../artifacts/retention.ts';
import type { StoredBenchmark } from '../../artifacts/stored-benchmarks.ts';
import { textTable } from '../../report/text-table.ts';

const MIB = 1024 * 1024;

export function retentionText({ remove, spared, keptBytes, keptCount }: Retention): string {
  const rows = [
    ...remove.map((benchmark) => ['remove', ...columnsOf(benchmark), '']),
    ...spared.map(({ benchmark, why }) => ['keep', ...columnsOf(benchmark), why]),
  ];
  const freed = remove.reduce((sum, { bytes }) => sum + bytes, 0);
  const total = `${countOf(remove.length)} to remove (${sizeOf(freed)}), ${countOf(keptCount)} to keep (${sizeOf(keptBytes)}).`;
  if (rows.length === 0) return total;
  const table = textTable(
    [
      { title: '', align: 'left' },
      { title: 'benchmark', align: 'left' },
      { title: 'size', align: 'right' },
      { title: 'last changed', align: 'left' },
      { title: 'why', align: 'left' },
    ],
    rows,
  );
  return `${table}\n${total}`;
}

function columnsOf({ benchmarkId, bytes, changedAtMs }: StoredBenchmark): string[] {
  return [benchmarkId, sizeOf(bytes), new Date(changedAtMs).toISOString()];
}

function sizeOf(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function countOf(count: number): string {
  return count === 1 ? '1 benchmark' : `${count} benchmarks`;
}
