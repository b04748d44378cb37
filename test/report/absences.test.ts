// Absence is never bare: whoever sees a dash over the runs, or an empty cell of a statistic, finds the reason beside it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import { shownAggregates } from '../../src/report/metric-text.ts';
import { aggregateMetrics } from '../../src/report/report-metrics.ts';
import { toJson } from '../../src/report/to-json.ts';
import { parseCsv, render } from './read-documents.ts';
import { ALL_FAILED, sampleReport, streamingChanges } from './sample-report.ts';
import { statisticsChanges } from './sample-statistics.ts';

const NINE = statisticsChanges();

/** Nine runs of which only that many have the times of streams. */
function withFewStreams(runs: number): Partial<BenchmarkReport> {
  const { statistics } = NINE;
  assert.ok(statistics);
  const metrics = statistics.metrics.map((each) =>
    each.metric.startsWith('ttft')
      ? {
          ...each,
          n: runs,
          median: { ...each.median, low: null, high: null, coverage: null },
        }
      : each,
  );
  return { ...NINE, statistics: { ...statistics, metrics } };
}

const REPORTS: Readonly<Record<string, Partial<BenchmarkReport>>> = {
  'three runs': {},
  'one run': { runs: sampleReport().runs.slice(0, 1) },
  'nine runs with everything': NINE,
  'nine runs, few with streams': withFewStreams(4),
  streams: streamingChanges(),
  'no ok call': ALL_FAILED,
};

describe('a figure over the runs that is not there', () => {
  for (const [name, changes] of Object.entries(REPORTS)) {
    it(`has a reason that names its row: ${name}`, () => {
      const shown = shownAggregates(aggregateMetrics(toJson(sampleReport(changes))));
      const [universal, particular] = [
        shown.absences.filter((line) => !line.includes('(')),
        shown.absences.filter((line) => line.includes('(')),
      ];
      for (const row of shown.rows.filter((cells) => cells.includes('–'))) {
        const [label = ''] = row;
        const isNamed = particular.some((line) =>
          (/\((.*)\)$/.exec(line)?.[1] ?? '').split(', ').includes(label),
        );
        assert.ok(isNamed || universal.length > 0, `${label}: ${shown.absences.join('; ')}`);
      }
    });

    it(`has a reason in the row of its statistic in CSV: ${name}`, () => {
      const rows = parseCsv(render('csv', changes));
      const columns = ['throughput_rps', 'error_rate_share', 'latency_p50_us', 'latency_p90_us'];
      for (const row of rows.filter((each) =>
        /^(median|bca|pooled|ci95|mean)/.test(each['row'] ?? ''),
      )) {
        if (!columns.some((column) => row[column] === '')) continue;
        assert.notEqual(row['note'], '', row['row']);
      }
    });
  }

  it('has the reason of its own, not that of another figure of its metric', () => {
    const { absences } = shownAggregates(aggregateMetrics(toJson(sampleReport(withFewStreams(4)))));
    assert.deepEqual(absences.slice().sort(), [
      'a BCa interval needs 8 runs with the figure (first token p50, first token p99)',
      'a CV needs a mean other than 0 (error rate)',
      'an interval of the median needs 6 runs with the figure (first token p50, first token p99)',
      'the interval is that over all calls (error rate)',
      'the report does not state it (goodput, latency p90, latency p95)',
    ]);
    const rows = parseCsv(render('csv', NINE));
    const noteOf = (name: string): string => rows.find(({ row }) => row === name)?.['note'] ?? '';
    assert.match(noteOf('median_ci95_low'), /the interval is that over all calls \(error rate\)/);
    assert.doesNotMatch(noteOf('median_ci95_low'), /CV/);
    assert.equal(noteOf('median'), '');
    assert.equal(
      noteOf('pooled'),
      'only the latency and the error rate are pooled (throughput, goodput, first token p50, first token p99, message gap p50, message gap p99); the report does not state it (latency p90, latency p95)',
    );
  });

  it('is withheld of what is INVALID, and says nothing else', () => {
    const { absences } = shownAggregates(aggregateMetrics(toJson(sampleReport(ALL_FAILED))));
    assert.deepEqual(absences, ['no run is valid']);
  });
});
