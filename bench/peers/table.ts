// The comparison as Markdown, ready for docs/PERFORMANCE.md.

import type { Range, ToolFigures } from './figures.ts';
import type { TargetName } from './options.ts';
import type { PeerTool } from './tools.ts';

const TARGET_TEXTS: Readonly<Record<TargetName, string>> = {
  fast: 'a server that answers from prepared frames',
  'grpc-go': 'grpc-go, no service time',
  delayed: 'grpc-go, 10 ms + U(0, 10) ms',
};

const HEAD = [
  'tool',
  'calls per run',
  'CPU µs per call',
  'wire / tool, paired',
  'calls/s',
  'peak MiB',
  'p50 error %',
  'p99 error %',
  'not ok',
];

export interface TableSubject {
  readonly target: TargetName;
  readonly concurrency: number;
  readonly streaming: boolean;
}

/** Ranges are written median (min – max). */
export function tableOf(subject: TableSubject, rows: readonly ToolFigures[]): string {
  const method = subject.streaming ? 'StreamWeave, 10 messages' : 'Weave';
  return [
    `### ${TARGET_TEXTS[subject.target]}: ${method}, c = ${subject.concurrency}`,
    '',
    line(HEAD),
    line(HEAD.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(cellsOf(row))),
    '',
  ].join('\n');
}

function cellsOf(row: ToolFigures): string[] {
  return [
    row.tool,
    `${row.calls}`,
    rangeText(row.cpuUsPerCall),
    rangeText(row.cpuRatioOfWire),
    rangeText(row.callsPerSecond),
    row.peakMiB.median.toFixed(0),
    rangeText(row.p50ErrorPct),
    rangeText(row.p99ErrorPct),
    `${row.notOk}`,
  ];
}

/** What each of the tools in the tables does for a call: without it the figures compare unlike things. */
export function perCallNotes(tools: readonly PeerTool[]): string {
  return tools.map(({ name, perCall }) => `- ${name}: ${perCall}.`).join('\n');
}

function rangeText(range: Range | null): string {
  if (range === null) return '—';
  const { min, median, max } = range;
  return `${digits(median)} (${digits(min)} – ${digits(max)})`;
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
