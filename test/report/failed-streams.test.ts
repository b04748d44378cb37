// A benchmark whose every stream failed before its first message: no gap, no first token and no percentile, from the recording
// over the statistics to each document, and nothing divided by the number of what is not there.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { REPORT_FORMATS } from '../../src/contract/report-format.ts';
import type { StoredRun } from '../../src/contract/run-result.ts';
import { summarizeRuns } from '../../src/harness/summarize-runs.ts';
import { toJson } from '../../src/report/to-json.ts';
import { MS, play, summarize } from '../harness/recording/play-calls.ts';
import { parseCsv, render } from './read-documents.ts';
import { sampleReport, storedRun } from './sample-report.ts';

const UNAVAILABLE = { grpcStatus: 14, statusMessage: 'gone' };

function failedRun(index: number): StoredRun {
  const call = { intendedNs: 0, endNs: 5 * MS, messages: [], end: UNAVAILABLE };
  const { warnings, ...summary } = summarize(play([call], { streaming: true }));
  return storedRun(index, { ...summary, warnings, gc: null });
}

function report() {
  const runs = [1, 2, 3].map(failedRun);
  const config = { ...sampleReport().config, useStreaming: true };
  const found = summarizeRuns({ config, runs, failedRuns: [], expectedRuns: runs.length });
  return { config, runs, ...found };
}

/** Paths of numbers that are none. */
function unfit(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unfit(inner, `${path}.${key}`));
}

describe('a benchmark whose every stream failed before its first message', () => {
  it('has figures that are absent and not made up, before any document cleans them', () => {
    assert.deepEqual(unfit(report()), []);
    const { runs, loombench, aggregate } = toJson(sampleReport(report()));
    assert.ok(loombench.warnings.every(({ code }) => code !== 'figure-not-finite'));
    assert.equal(aggregate.latency_p50_us.median, null);
    for (const { loombench: measured, error_rate } of runs) {
      assert.equal(error_rate, 1);
      assert.equal(measured.streams?.messageGap.n, 0);
      assert.equal(measured.streams.messageGap.meanUs, null);
      assert.equal(measured.streams.timeToFirstToken.p99Us, null);
    }
  });

  for (const format of REPORT_FORMATS) {
    it(`holds no number that is none as ${format}`, () => {
      assert.doesNotMatch(render(format, report()), /NaN|Infinity|undefined/);
    });
  }

  it('has empty cells for its gaps and first tokens in the spreadsheet, and a 0 for its messages', () => {
    const [row = {}] = parseCsv(render('csv', report()));
    assert.deepEqual(
      [row['messages'], row['failed_messages'], row['failed_bytes']],
      ['0', '0', '0'],
    );
    for (const [name, cell] of Object.entries(row)) {
      if (/^(ttf|message_gap|max_gap|latency|last_message)/.test(name))
        assert.equal(cell, '', name);
    }
  });
});
