// What a report states over its runs beyond the seed's aggregate, in every document: one set of made-up numbers that are all
// different, so that none can stand in for another.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BenchmarkStatistics } from '../../src/contract/benchmark-statistics.ts';
import { NO_STATS, sampleReport, stats, storedRun } from './sample-report.ts';
import { parseCsv, parsePrometheus, render } from './read-documents.ts';

const STATISTICS: BenchmarkStatistics = {
  confidence: 0.95,
  metrics: [
    {
      metric: 'throughput_rps',
      unit: 'calls/s',
      n: 8,
      median: { value: 661.5, low: 650.25, high: 670.75, coverage: 0.96 },
      bootstrap: { mean: 661, low: 655.125, high: 667.375, resamples: 10_000, seed: 1 },
      variation: null,
      independence: null,
      outliers: [],
      warnings: [],
    },
  ],
  pooledLatency: {
    runs: 8,
    calls: 7200,
    resamples: 10_000,
    seed: 1,
    percentiles: [{ percentile: 'p99', valueUs: 17_111, lowUs: 16_222, highUs: 18_333 }],
  },
  errorRate: { failed: 9, calls: 7200, share: 0.00125, low: 0.0005, high: 0.0025 },
  variance: {
    runs: 3,
    secondsPerRun: 10,
    betweenSdUs: 123.5,
    withinSdUs: 456.75,
    icc: 0.0625,
    pValue: 0.21875,
    advice: 'Longer runs do.',
  },
  goodput: {
    slo: ['ttft<500ms', 'latency<2s'],
    rps: { ...NO_STATS, median: 444.5, mean: 445.5, min: 440.5, max: 449.5 },
    shareWithin: 0.75,
    sharesByCondition: [0.8125, 0.875],
  },
};

const CHANGES = {
  statistics: STATISTICS,
  runs: [
    storedRun(1, {
      goodput: {
        metCalls: 675,
        rps: 447.25,
        conditions: [
          { text: 'ttft<500ms', metCalls: 731 },
          { text: 'latency<2s', metCalls: 787 },
        ],
      },
    }),
  ],
};

const rows = parseCsv(render('csv', CHANGES));
const samples = parsePrometheus(render('prometheus', CHANGES));
const properties = render('junit', CHANGES);

/** Column, statistic, value: in the metric's unit. */
const STATISTICS_OF_METRICS = [
  ['throughput_rps', 'median_ci95_low', 650.25],
  ['throughput_rps', 'median_ci95_high', 670.75],
  ['throughput_rps', 'bca_ci95_low', 655.125],
  ['throughput_rps', 'bca_ci95_high', 667.375],
  ['latency_p99_us', 'pooled', 17_111],
  ['latency_p99_us', 'pooled_ci95_low', 16_222],
  ['latency_p99_us', 'pooled_ci95_high', 18_333],
  ['error_rate_share', 'pooled', 0.00125],
  ['error_rate_share', 'pooled_ci95_low', 0.0005],
  ['error_rate_share', 'pooled_ci95_high', 0.0025],
  ['goodput_rps', 'median', 444.5],
  ['goodput_rps', 'mean', 445.5],
  ['goodput_rps', 'min', 440.5],
  ['goodput_rps', 'max', 449.5],
] as const;

/** Name with its unit, what it is of, value, Prometheus' name and value. */
const SINGLE_FIGURES = [
  [
    'latency_sd_between_runs_us',
    '',
    123.5,
    'loombench_latency_sd_between_runs_seconds',
    0.000_123_5,
  ],
  [
    'latency_sd_within_runs_us',
    '',
    456.75,
    'loombench_latency_sd_within_runs_seconds',
    0.000_456_75,
  ],
  ['latency_icc_share', '', 0.0625, 'loombench_latency_icc_ratio', 0.0625],
  ['latency_runs_differ_p', '', 0.21875, 'loombench_latency_runs_differ_p', 0.21875],
  ['goodput_of_ok_share', '', 0.75, 'loombench_goodput_of_ok_ratio', 0.75],
  ['slo_met_of_ok_share', 'ttft<500ms', 0.8125, 'loombench_slo_met_of_ok_ratio', 0.8125],
  ['slo_met_of_ok_share', 'latency<2s', 0.875, 'loombench_slo_met_of_ok_ratio', 0.875],
] as const;

describe('the further statistics of a report', () => {
  for (const [column, statistic, value] of STATISTICS_OF_METRICS) {
    it(`are the same in CSV, JUnit and Prometheus: ${statistic} of ${column}`, () => {
      assert.equal(rows.find(({ row }) => row === statistic)?.[column], String(value));
      assert.ok(properties.includes(`name="${column}.${statistic}" value="${value}"`));
      const base = column.endsWith('_us') ? value / 1_000_000 : value;
      const found = samples.filter(({ labels }) => labels['statistic'] === statistic);
      assert.ok(found.some((sample) => sample.value === base));
    });
  }

  it('leave a cell empty where the report has no such interval', () => {
    assert.equal(rows.find(({ row }) => row === 'pooled')?.['throughput_rps'], '');
    assert.equal(rows.find(({ row }) => row === 'bca_ci95_low')?.['latency_p99_us'], '');
  });

  for (const [name, of, value, family, base] of SINGLE_FIGURES) {
    it(`that stand alone are the same everywhere: ${name} ${of}`, () => {
      const row = rows.find((candidate) => candidate['row'] === name && candidate['note'] === of);
      assert.equal(row?.['value'], String(value));
      const key = of === '' ? name : `${name}.${of.replace('<', '&lt;')}`;
      assert.ok(properties.includes(`name="${key}" value="${value}"`), properties);
      const sample = samples.find(
        (candidate) => candidate.name === family && (candidate.labels['condition'] ?? '') === of,
      );
      assert.equal(sample?.value, base);
    });
  }

  it('have the CV that the text has, in percent by its name and as a ratio by its name', () => {
    const expected = stats(13_502, 212).cv_pct;
    const row = rows.find((candidate) => candidate['row'] === 'latency_p50_cv_pct');
    assert.equal(row?.['value'], String(expected));
    const sample = samples.find(
      ({ name, labels }) => name === 'loombench_latency_cv_ratio' && labels['quantile'] === '0.5',
    );
    assert.equal(sample?.value, Number(expected) / 100);
  });

  it('have the goodput of each run', () => {
    const run = rows.find(({ row }) => row === 'run');
    assert.equal(run?.['goodput_rps'], '447.25');
    assert.equal(run['slo_met_calls'], '675');
    assert.ok(properties.includes('name="goodput_rps" value="447.25"'));
    const sample = samples.find(({ name }) => name === 'loombench_run_goodput_calls_per_second');
    assert.equal(sample?.value, 447.25);
  });

  it('read as sentences in text, Markdown and page, with the conditions and which of them costs the most', () => {
    const goodput =
      /444\.5 calls\/s with ttft(<|&lt;)500ms and latency(<|&lt;)2s \(median over runs\), 75\.00 % of the ok calls \(ttft(<|&lt;)500ms 81\.25 %, latency(<|&lt;)2s 87\.50 %\)/;
    const variance =
      /sd of the mean latency 124 µs between runs, 457 µs from second to second \(ICC 0\.06\)/;
    for (const format of ['text', 'markdown', 'html'] as const) {
      const shown = render(format, CHANGES).replaceAll(/\s+/g, ' ');
      assert.match(shown, goodput, format);
      assert.match(shown, variance, format);
    }
  });

  it('tell a report of an earlier version, which knew a latency alone, by that latency', () => {
    const goodput = { sloLatencyMs: 50, rps: stats(150, 1), shareWithin: 0.75 };
    const text = render('text', { statistics: { ...STATISTICS, goodput } });
    assert.match(text, /150(\.0+)? calls\/s with latency<=50ms \(median over runs\), 75\.00 %/);
  });

  it('are no row of a benchmark that declared no service level', () => {
    assert.doesNotMatch(render('csv'), /goodput|slo_met/);
    assert.doesNotMatch(render('prometheus'), /goodput|slo_met/);
    assert.equal(sampleReport().config.slo, undefined);
  });
});
