// What was measured on a host that was given up: in every form of the report, in none of its figures, and cut only with a word.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportSchema } from '../../src/artifacts/report-schema.ts';
import {
  MAX_LISTED_DISCARDED,
  type DiscardedRun,
  type DiscardedSeries,
} from '../../src/contract/discarded-runs.ts';
import { toJson } from '../../src/report/to-json.ts';
import { parseCsv, parsePrometheus, render } from './read-documents.ts';
import { sampleReport } from './sample-report.ts';

function discardedRun(index: number, changes: Partial<DiscardedRun> = {}): DiscardedRun {
  return {
    phase: 'measured',
    index,
    verdict: 'VALID',
    throughputRps: 1234.5,
    latencyP50Us: 7777,
    latencyP99Us: 8888,
    ...changes,
  };
}

const SERIES: DiscardedSeries = {
  series: 1,
  host: 'bench-lost',
  discardedAtUtc: '2026-01-02T03:04:30.000Z',
  reason: 'its worker did not answer for 600 s (hostLossLimit)',
  counts: { warmup: 1, measured: 2 },
  failed: 1,
  runs: [
    discardedRun(1, { phase: 'warmup' }),
    discardedRun(1),
    discardedRun(2, { verdict: 'INVALID' }),
  ],
};
const CHANGES = { discarded: [SERIES] };
const REPORT = toJson(sampleReport(CHANGES));
const PLAIN = toJson(sampleReport());
const LONG: DiscardedSeries = {
  ...SERIES,
  counts: { warmup: 1, measured: 249 },
  runs: Array.from({ length: MAX_LISTED_DISCARDED }, (_, position) => discardedRun(150 + position)),
};

describe('discarded runs', () => {
  it('stand in the report file, which is read back', () => {
    assert.deepEqual(REPORT.loombench.discarded, [SERIES]);
    assert.deepEqual(reportSchema.parse(JSON.parse(JSON.stringify(REPORT))), REPORT);
    assert.ok(!('discarded' in PLAIN.loombench));
    assert.deepEqual(REPORT.aggregate, PLAIN.aggregate);
    const [warning] = REPORT.loombench.warnings;
    assert.equal(warning?.code, 'host-lost');
    assert.match(
      warning.message,
      /series 1 on bench-lost, 1 warm-up run, 2 measured runs, 1 failed/,
    );
  });

  it('are told for people with their host, their figures and why, but no figure that failed a check', () => {
    for (const format of ['text', 'markdown', 'html'] as const) {
      const text = render(format, CHANGES);
      assert.match(
        text,
        /series 1 on bench-lost, 1 warm-up run, 2 measured runs, 1 failed run/,
        format,
      );
      assert.match(text, /did not answer for 600 s \(hostLossLimit\)/, format);
      assert.match(text, /warm-up run 1 of series 1 on bench-lost: 1,235 calls\/s/, format);
      assert.match(
        text,
        /[^-]run 1 of series 1 on bench-lost: .*7\.777 ms, p99 8\.888 ms, VALID/,
        format,
      );
      assert.match(text, /run 2 of series 1 on bench-lost: INVALID/, format);
      assert.ok(!render(format).includes('series 1'), format);
    }
  });

  it('are rows of the table without figures in its columns, so that no sum has them', () => {
    const rows = parseCsv(render('csv', CHANGES)).filter((row) =>
      row['row']?.startsWith('discarded'),
    );
    assert.deepEqual(
      rows.map((row) => [row['row'], row['run'], row['verdict'], row['value']]),
      [
        ['discarded warmup run', '1', 'VALID', ''],
        ['discarded measured run', '1', 'VALID', ''],
        ['discarded measured run', '2', 'INVALID', ''],
        ['discarded runs', '', '', '4'],
      ],
    );
    for (const row of rows) {
      const figures = Object.entries(row).filter(([name]) => /_(us|rps)$/.test(name));
      assert.ok(figures.length > 5);
      assert.deepEqual(new Set(figures.map(([, value]) => value)), new Set(['']));
    }
    assert.match(rows[1]?.['note'] ?? '', /bench-lost: 1,235 calls\/s, p50 7\.777 ms/);
  });

  it('are skipped cases for a CI server', () => {
    const text = render('junit', CHANGES);
    assert.match(
      text,
      /<testsuite name="discarded series 1 on bench-lost" tests="4" failures="0" errors="0" skipped="4"/,
    );
    assert.match(text, /name="run 2 of series 1 on bench-lost"[^>]*><skipped message="INVALID"/);
  });

  it('are counted for Prometheus by host, series and phase', () => {
    const samples = parsePrometheus(render('prometheus', CHANGES)).filter(
      ({ name }) => name === 'loombench_discarded_runs',
    );
    assert.deepEqual(
      samples.map(({ labels, value }) => [
        labels['host'],
        labels['series'],
        labels['phase'],
        value,
      ]),
      [
        ['bench-lost', '1', 'warmup', 1],
        ['bench-lost', '1', 'measured', 2],
      ],
    );
  });

  it('say how many are not listed where there were more than a report lists', () => {
    const changes = { discarded: [LONG] };
    const formats = ['text', 'markdown', 'html', 'csv', 'junit'] as const;
    for (const format of formats) {
      const text = render(format, changes);
      assert.match(text, /150 more runs of series 1 are not listed/, format);
      assert.match(text, /the newest 100 discarded ones/, format);
    }
    assert.match(render('text', changes), /and 70 more runs of series 1 in the report file/);
    assert.match(render('prometheus', changes), /phase="measured"\} 249/);
  });
});
