// What was in force and where it ran: configuration, environment, connections and the collector's part in slow calls.

import type { JsonReport } from '../../contract/report.ts';
import { amountText, UNDEFINED_MARK } from '../number-text.ts';
import { markup, type Markup } from './markup.ts';
import { absent, type Section } from './sections.ts';
import { pageTable } from './table.ts';

export function configurationSection({ loombench, config }: JsonReport): Section {
  // Metadata may be credentials, and a page is passed on: its names are enough to know what was sent.
  const metadata = Object.fromEntries(
    Object.keys(loombench.config.metadata).map((name) => [name, '(not shown)']),
  );
  const rows = flattened({ ...loombench.config, metadata });
  return {
    id: 'configuration',
    title: 'Configuration in force',
    content: [
      markup`<p>
        Configuration <code>${loombench.configHash}</code>; durations in milliseconds where the name
        ends with Ms.
      </p>`,
      pageTable({
        caption: 'Every setting, defaults included',
        columns: ['setting', 'value'],
        rows,
        numbersFrom: 2,
      }),
      loombench.config.serverAddr === ''
        ? markup``
        : markup`<p class="muted">
            The LLM settings act on the embedded target only; the server at
            ${loombench.config.serverAddr} has its own (${config.llm_base_latency_ms} ms here means:
            not ours).
          </p>`,
    ],
  };
}

export function environmentSection(report: JsonReport): Section {
  const { environment, loombench } = report;
  const rows = flattened({
    ...environment,
    ...loombench.environment,
    serverVersion: report.loom_version,
    startedAtUtc: loombench.startedAtUtc,
    finishedAtUtc: loombench.finishedAtUtc,
  });
  const connections = report.runs.map(({ run_number, loombench: { connection } }) => [
    String(run_number),
    connection.address,
    connection.engine,
    String(connection.threads),
    String(connection.connections),
    String(connection.reconnects),
    connection.maxConcurrentStreams === null
      ? UNDEFINED_MARK
      : String(connection.maxConcurrentStreams),
  ]);
  return {
    id: 'environment',
    title: 'Environment',
    content: [
      pageTable({ caption: 'Where it ran', columns: ['fact', 'value'], rows, numbersFrom: 2 }),
      pageTable({
        caption:
          'Connections; – under the last one: the server sets no limit or the engine cannot tell',
        columns: [
          'run',
          'address',
          'engine',
          'threads',
          'connections',
          'reconnects',
          'streams allowed',
        ],
        rows: connections,
        numbersFrom: 3,
      }),
    ],
  };
}

/** Garbage collection and slow calls, by role. */
export function gcTable({ runs }: JsonReport): Markup {
  const rows = runs.flatMap(({ run_number, loombench: { gc } }) =>
    (gc ?? []).map(({ role, correlation, lift, liftLow, liftHigh, pValue, note }) => [
      String(run_number),
      role,
      note === '' ? UNDEFINED_MARK : note,
      amountText(correlation?.total_gc_pauses ?? null),
      amountText(correlation?.max_gc_pause_us ?? null),
      amountText(correlation?.total_gc_pause_us ?? null),
      amountText(correlation?.gc_attribution_pct ?? null),
      liftLow === null || liftHigh === null
        ? amountText(lift)
        : `${amountText(lift)} (${amountText(liftLow)} … ${amountText(liftHigh)})`,
      amountText(pValue),
    ]),
  );
  if (rows.length === 0) return absent('garbage collection was not watched (collectGcCorrelation)');
  return pageTable({
    caption:
      'Pauses of the collector and the slowest calls; lift is overlap seen against overlap by chance, 1 means none',
    columns: [
      'run',
      'role',
      'note',
      'pauses',
      'longest (µs)',
      'all (µs)',
      'slow calls that overlap (%)',
      'lift',
      'p',
    ],
    rows,
    numbersFrom: 3,
  });
}

/** 'llm.baseLatencyMs' and its value, for every leaf. */
function flattened(value: object, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const name = path === '' ? key : `${path}.${key}`;
    if (typeof member === 'object' && member !== null && !Array.isArray(member)) {
      const inner = flattened(member, name);
      return inner.length === 0 ? [[name, `${UNDEFINED_MARK} none`] as const] : inner;
    }
    return [[name, leafText(member)] as const];
  });
}

function leafText(value: unknown): string {
  if (value === null) return `${UNDEFINED_MARK} not set, or not known here`;
  if (value === '') return `${UNDEFINED_MARK} empty`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
