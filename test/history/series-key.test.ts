// What makes two results members of one series: what was measured, not how often, or what was demanded of the result.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { configHash } from '../../src/config/config-hash.ts';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { BenchmarkConfig } from '../../src/contract/config.ts';
import type { HistorySeries } from '../../src/contract/history.ts';
import { DEFAULT_WATCH } from '../../src/contract/regression-watch.ts';
import { chooseSeries } from '../../src/history/choose-series.ts';
import { judgeResult } from '../../src/history/judge.ts';
import { seriesOf } from '../../src/history/read-history.ts';
import { withBaseline } from '../../src/history/remarks-file.ts';
import { trendOf } from '../../src/history/trend.ts';
import { toJson } from '../../src/report/to-json.ts';
import { objectionsTo } from '../../src/statistics/comparability.ts';
import { entryOf, nightlyReport } from '../support/report-series.ts';

/** Of each key a value that no sample report has. */
const OTHER: Required<BenchmarkConfig> = {
  concurrency: 97,
  totalRequests: 97_000,
  durationMs: 97,
  requestTimeoutMs: 97,
  llm: { ...nightlyReport(0, 1000).config.llm, baseLatencyMs: 97 },
  useStreaming: true,
  query: 'another question',
  rampUpMs: 97,
  initialPhaseMs: 97,
  llmConcurrencyLimit: 97,
  sessionId: 'one-session',
  numAgents: 97,
  serverAddr: 'other:60051',
  serverSettings: 'trusted',
  tls: { caPath: 'ca.pem', certPath: null, keyPath: null, serverName: null, skipVerify: false },
  metadata: { tenant: 'other' },
  connectTimeoutMs: 97,
  graceMs: 97,
  engine: 'grpc-js',
  connections: 97,
  threads: 97,
  arrival: { kind: 'constant', ratePerS: 97 },
  maxInFlight: 97,
  pacing: 'spin',
  maxReceiveMessageBytes: 97,
  seed: 97,
  slo: [{ subject: 'latency', comparison: '<', limitUs: 5000, text: 'latency<5ms' }],
  sloLatencyMs: 97,
  runs: 97,
  warmupRuns: 97,
  perRunWarmupMs: 97,
  scenarioName: 'another name of the same',
  outputPath: 'other.json',
  collect: { timeSeries: false, histogram: false, resources: false, gcCorrelation: false },
  cooldownMs: 97,
  reportFormats: ['html'],
  thresholds: [
    { metric: 'latency_p99', comparison: '<', limit: 5000, unit: 'us', text: 'latency_p99<5ms' },
  ],
  precision: { target: 0.02, metric: 'latency_p99', rule: 'stein', pilotRuns: 5, maxRuns: 50 },
  hosts: { host: 'bench-1', onLoss: 'wait', lossLimitMs: 1 },
  watch: { ...DEFAULT_WATCH, notifyCommand: 'tell' },
};
const KEYS = Object.keys(OTHER) as (keyof BenchmarkConfig)[]; // the keys are those of the type

/** A night whose hash is that of its configuration, as those of real reports are. */
function night(index: number, change: Partial<BenchmarkConfig> = {}): BenchmarkReport {
  const config = { ...nightlyReport(index, 1000).config, ...change };
  return nightlyReport(index, 1000 + index, { config, configHash: configHash(config) });
}

function seriesOfReports(...reports: readonly BenchmarkReport[]): readonly HistorySeries[] {
  return seriesOf(reports.map((report) => entryOf(report)));
}

/** The rule by which the ids in people's files of remarks were made. */
function formerId({ scenario, configHash: hash, hardware }: HistorySeries): string {
  return createHash('sha256')
    .update(JSON.stringify([scenario, hash, hardware]))
    .digest('hex')
    .slice(0, 8);
}

describe('a series', () => {
  it('goes on when only the repetitions or the demands on the result change', () => {
    for (const key of ['thresholds', 'slo', 'sloLatencyMs', 'runs', 'warmupRuns', 'precision']) {
      const changed = night(2, { [key]: OTHER[key as keyof BenchmarkConfig] });
      const series = seriesOfReports(night(0), night(1), changed, night(3));
      assert.deepEqual(
        series.map(({ entries }) => entries.map(({ benchmarkId }) => benchmarkId)),
        [['nightly-0', 'nightly-1', 'nightly-2', 'nightly-3']],
        key,
      );
    }
  });

  it('holds together what compare compares, and nothing else: key by key of the configuration', () => {
    const before = night(0);
    for (const key of KEYS) {
      assert.notDeepEqual(before.config[key], OTHER[key], key);
      const after = night(1, { [key]: OTHER[key] });
      const objections = objectionsTo(
        { name: 'a', report: toJson(before) },
        { name: 'b', report: toJson(after) },
      );
      assert.equal(seriesOfReports(before, after).length, objections.length === 0 ? 1 : 2, key);
    }
  });
});

describe('what people said of a series whose name was made of the whole configuration', () => {
  const earlier = [night(0), night(1)];
  const later = [night(2, { runs: 97 }), night(3, { runs: 97 })];
  const [first, second] = [earlier, later].map((part) => {
    const [only] = seriesOfReports(...part);
    assert.ok(only);
    return formerId(only);
  }) as [string, string]; // one of each of the two
  const [joined] = seriesOfReports(...earlier, ...later);
  assert.ok(joined);

  it('still finds it by that name', () => {
    const history = { directory: '/', series: [joined], unreadable: [], copies: 0 };
    for (const seriesId of [first, second, joined.seriesId]) {
      assert.equal(chooseSeries(history, { scenario: null, seriesId }).series, joined);
    }
    assert.throws(() => chooseSeries(history, { scenario: null, seriesId: '00000000' }));
  });

  it('keeps its baseline, and of two that came together the one that was set last', () => {
    const one = { seriesId: first, benchmarkId: 'nightly-0', atUtc: '2026-01-02T00:00:00Z' };
    const two = { seriesId: second, benchmarkId: 'nightly-2', atUtc: '2026-01-04T00:00:00Z' };
    const rules = { against: 'baseline', minMagnitude: 0.03 } as const;
    for (const [baselines, kept] of [
      [[one], one],
      [[one, two], two],
      [[two, one], two],
    ] as const) {
      const remarks = { acknowledged: [], baselines };
      assert.deepEqual(trendOf(joined, remarks).baseline, kept);
      const finding = judgeResult(joined, remarks, { benchmarkId: kept.benchmarkId, rules });
      assert.deepEqual(finding.reasons, [`${kept.benchmarkId} is the baseline itself.`]);
    }
    const set = { series: joined, benchmarkId: 'nightly-3', atUtc: '2026-01-05T00:00:00Z' };
    const other = { seriesId: 'another', benchmarkId: 'x', atUtc: '' };
    const { baselines } = withBaseline({ acknowledged: [], baselines: [one, two, other] }, set);
    assert.deepEqual(baselines, [
      other,
      { seriesId: joined.seriesId, benchmarkId: 'nightly-3', atUtc: set.atUtc },
    ]);
  });

  it('keeps its acknowledgements', () => {
    const values = [1000, 1001, 1002, 1000, 900, 901, 900, 902];
    const [series] = seriesOfReports(
      ...values.map((value, index) => nightlyReport(index, value, { configHash: 'a'.repeat(64) })),
    );
    assert.ok(series);
    const known = {
      seriesId: formerId(series),
      metric: 'throughputRps',
      benchmarkId: 'nightly-4',
      note: 'a larger model',
      atUtc: '2026-01-06T00:00:00Z',
    } as const;
    const { changes } = trendOf(series, { acknowledged: [known], baselines: [] });
    assert.deepEqual(changes.find(({ metric }) => metric === 'throughputRps')?.acknowledged, known);
  });
});
