// Figures that failed a validity check: in no document unless they are asked for, and then marked; always in the file.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { JsonReport } from '../../src/contract/report.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../src/contract/report-format.ts';
import type { LatencySummary, RunMeasurement } from '../../src/contract/run-result.ts';
import { latencyDistributions } from '../../src/harness/recording/stored-distributions.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { toJson } from '../../src/report/to-json.ts';
import {
  P99_THRESHOLD,
  sampleReport,
  stats,
  storedRun,
  streamingChanges,
} from './sample-report.ts';

const DOCUMENTS = REPORT_FORMATS.filter((format) => format !== 'json');

function render(format: ReportFormat, report: JsonReport, showInvalid = false): string {
  return renderReport(format, {
    report,
    json: JSON.stringify(report),
    reportPath: null,
    distributionsOf: latencyDistributions,
    showInvalid,
  });
}

/** Digits that nothing else in the sample has, whatever unit they are shown in. */
const MARK = 7373;
const MARKED = /7[,.]?3[,.]?7[,.]?3/;
const marked: LatencySummary = {
  n: 900,
  minUs: MARK,
  meanUs: MARK,
  p50Us: MARK,
  p90Us: MARK,
  p95Us: MARK,
  p99Us: MARK,
  p999Us: MARK,
  p9999Us: MARK,
  maxUs: MARK,
};

function markedRun(index: number, verdict: RunMeasurement['verdict']) {
  const { runs } = sampleReport(streamingChanges());
  const streams = runs[0]?.measurement.streams ?? assert.fail('the sample has no streams');
  return storedRun(index, {
    verdict,
    throughputRps: MARK,
    okThroughputRps: MARK,
    offeredRps: 100,
    latency: marked,
    serviceTime: marked,
    responseTime: marked,
    sendLateness: marked,
    overhead: marked,
    streams: {
      ...streams,
      timeToFirstMessage: marked,
      timeToFirstToken: marked,
      messageGap: marked,
      maxGapPerStream: marked,
      lastMessageToStatus: marked,
    },
    percentileIntervals: [
      { percentile: 'p50', lowUs: MARK, highUs: MARK, n: 900, tau: 1, effectiveN: 900 },
    ],
    timeline: [
      {
        second: 0,
        requests: MARK,
        errors: 0,
        p50_us: MARK,
        p99_us: MARK,
        mean_us: MARK,
        starts: 1,
        inFlightAtEnd: 0,
      },
    ],
  });
}

const ONE_OF_TWO = (verdict: RunMeasurement['verdict']): Partial<BenchmarkReport> => ({
  verdict: 'WARN',
  runs: [storedRun(1), markedRun(2, verdict)],
});

const AGGREGATE: Partial<BenchmarkReport> = {
  verdict: 'INVALID',
  reasons: ['Too many runs are INVALID.'],
  runs: [storedRun(1), storedRun(2, { verdict: 'INVALID' })],
  aggregate: {
    throughput_rps: stats(MARK, 0),
    latency_p50_us: stats(MARK, 0),
    latency_p90_us: stats(MARK, 0),
    latency_p95_us: stats(MARK, 0),
    latency_p99_us: stats(MARK, 0),
  },
  thresholds: [{ ...P99_THRESHOLD, observed: MARK, status: 'pass' }],
};

for (const format of DOCUMENTS) {
  describe(`a report as ${format}`, () => {
    it('shows the figures of a run that passed its checks', () => {
      assert.match(render(format, toJson(sampleReport(ONE_OF_TWO('VALID')))), MARKED);
    });

    it('withholds every time and rate of an INVALID run, but not what was counted', () => {
      const text = render(format, toJson(sampleReport(ONE_OF_TWO('INVALID'))));
      assert.doesNotMatch(text, MARKED);
      assert.match(text, /INVALID/);
      assert.match(text, /900/);
    });

    it('withholds what is over the runs of an INVALID benchmark', () => {
      assert.doesNotMatch(render(format, toJson(sampleReport(AGGREGATE))), MARKED);
    });

    it('shows both when it is asked for them, and says what they are', () => {
      for (const changes of [ONE_OF_TWO('INVALID'), AGGREGATE]) {
        const text = render(format, toJson(sampleReport(changes)), true);
        assert.match(text, MARKED);
        assert.match(text, /INVALID/);
        assert.doesNotMatch(text, /figures-withheld/);
      }
    });
  });
}

describe('a report with INVALID figures', () => {
  const report = toJson(sampleReport(ONE_OF_TWO('INVALID')));

  it('has them in the file', () => {
    assert.match(render('json', report), /"throughput_rps":7373/);
  });

  it('says in words which runs they are of and how to see them', () => {
    assert.match(
      render('text', report),
      /figures-withheld \(run 2\): .* failed a check; .* --show-invalid/,
    );
    assert.match(render('text', report, true), /invalid-figures \(run 2\): .* prove nothing/);
  });

  it('marks each sample of them for a scraper', () => {
    const lines = render('prometheus', report, true)
      .split('\n')
      .filter((line) => line.includes('run="2"'));
    assert.ok(lines.length > 10);
    assert.ok(lines.every((line) => line.includes('verdict="INVALID"')));
  });
});
