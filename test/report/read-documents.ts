// Renders the sample report and reads documents back, by other code than writes them.

import assert from 'node:assert/strict';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { ReportFormat } from '../../src/contract/report-format.ts';
import { latencyDistributions } from '../../src/harness/recording/stored-distributions.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { toJson } from '../../src/report/to-json.ts';
import { sampleReport } from './sample-report.ts';

export function render(format: ReportFormat, changes: Partial<BenchmarkReport> = {}): string {
  const report = toJson(sampleReport(changes));
  const json = `${JSON.stringify(report)}\n`;
  return renderReport(format, {
    report,
    json,
    reportPath: 'report.json',
    distributionsOf: latencyDistributions,
  });
}

/** RFC 4180. */
export function parseCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== '') {
    const match = /^(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n)/.exec(rest);
    assert.ok(match, `not CSV: ${rest.slice(0, 40)}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(match[0].length);
  }
  const [columns = [], ...cells] = rows;
  return cells.map((values) => {
    assert.equal(values.length, columns.length);
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  });
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The exposition format's grammar: HELP and TYPE before a family's samples, each family in one piece. */
export function parsePrometheus(text: string): Sample[] {
  assert.ok(text.endsWith('\n'));
  const seen = new Set<string>();
  let family = '';
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const comment = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
      if (comment?.[1] === 'HELP') {
        family = comment[2] ?? '';
        assert.ok(!seen.has(family), `${family} comes twice`);
        seen.add(family);
      }
      if (comment !== null) return [];
      const match = /^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (\S+)$/.exec(line);
      assert.ok(match, `no sample: ${line}`);
      const [, name = '', labelText = '', value = ''] = match;
      assert.equal(name, family);
      const labels = [...labelText.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)];
      return [
        {
          name,
          labels: Object.fromEntries(labels.map(([, key = '', label = '']) => [key, label])),
          value: Number(value),
        },
      ];
    });
}
