// The summary a person reads. Golden files hold whole summaries; single sentences are tested where they must appear.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import { summaryText, type SummaryOptions } from '../../src/report/text.ts';
import { toJson } from '../../src/report/to-json.ts';
import { golden } from './golden.ts';
import {
  ALL_FAILED,
  latency,
  sampleReport,
  stats,
  storedRun,
  streamingChanges,
} from './sample-report.ts';
import { statisticsChanges } from './sample-statistics.ts';

const PLACES: SummaryOptions = {
  reportPath: 'report.json',
  webUiUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/sample',
};

function summary(changes: Partial<BenchmarkReport>, options: SummaryOptions = PLACES): string {
  return summaryText(toJson(sampleReport(changes)), options);
}

describe('the summary of a benchmark', () => {
  it('tells verdict, request, achievement, metrics, runs, status and places of a plain benchmark', () => {
    golden('plain.txt', summary({}));
  });

  it('tells of streams, attempts, warnings and missing durability of a streaming benchmark', () => {
    golden('streams.txt', summary(streamingChanges()));
  });

  it('tells of a benchmark in which every call failed and one run was lost', () => {
    golden('all-failed.txt', summary(ALL_FAILED, { reportPath: null, webUiUrl: null }));
  });

  it('tells what nine runs of streams say together', () => {
    golden('statistics.txt', summary(statisticsChanges()));
  });

  it('shows each threshold with what was observed, in a unit that can be read, and whether it was met', () => {
    const threshold = { comparison: '<', message: 'So.' } as const;
    const text = summary({
      thresholds: [
        {
          ...threshold,
          metric: 'latency_p99',
          limit: 500_000,
          unit: 'us',
          text: 'latency_p99<500ms',
          observed: 17_054,
          status: 'pass',
        },
        {
          ...threshold,
          metric: 'error_rate',
          limit: 0.01,
          unit: 'share',
          text: 'error_rate<1%',
          observed: 0.05,
          status: 'fail',
        },
        {
          ...threshold,
          metric: 'ttft_p50',
          limit: 1000,
          unit: 'us',
          text: 'ttft_p50<1ms',
          observed: null,
          status: 'no-data',
        },
      ],
    });
    assert.match(
      text,
      /^latency_p99<500ms +17\.05 ms +pass +So\.\nerror_rate<1% +5\.000 % +FAIL +So\.\nttft_p50<1ms +– +FAIL: no data +So\.$/m,
    );
  });

  it('begins with the verdict', () => {
    assert.match(summary({ verdict: 'INVALID' }), /^INVALID /);
  });

  it('says that a benchmark was cancelled', () => {
    assert.match(summary({ status: 'cancelled' }), /^VALID .* \(cancelled\)\n/);
  });

  it('shows a mark and the number of runs needed in place of an interval that one run cannot have', () => {
    const one = {
      ...stats(13_500, 0),
      ci95_low: null,
      ci95_high: null,
      stddev: null,
      cv_pct: null,
    };
    const { aggregate } = sampleReport();
    const text = summary({
      runs: [storedRun(1)],
      aggregate: { ...aggregate, latency_p50_us: one },
    });
    assert.match(text, /latency p50 +ms +13\.50 +– +– /);
    assert.match(text, /– an interval and a CV need at least 2 valid runs/);
  });

  it('never writes a number that is not one', () => {
    for (const text of [summary(ALL_FAILED), summary({ runs: [] })]) {
      assert.doesNotMatch(text, /NaN|Infinity|undefined|null|\[object/);
    }
  });

  it('shows no control characters of a server in the terminal, and only the start of a long error', () => {
    const message = `\u001b[31mred\u001b[0m\r\nnext ${'x'.repeat(500)}`;
    const topErrors = [{ status: 'INTERNAL', message, count: 3 }];
    const text = summary({ runs: [storedRun(1, { topErrors })] });
    assert.match(text, /error +3 × INTERNAL: \[31mred \[0m next x+\.\.\.\n/);
    assert.equal(/[^\P{Cc}\n]/u.test(text), false);
  });

  it('agrees with the report file on every median, in the unit named beside it', () => {
    const json = toJson(sampleReport());
    const text = summaryText(json, PLACES);
    const shown = [...text.matchAll(/^latency (p\d+) +(µs|ms|s) +([\d.,]+)/gm)];
    const medians: Record<string, number | null> = {
      p50: json.aggregate.latency_p50_us.median,
      p90: json.aggregate.latency_p90_us.median,
      p95: json.aggregate.latency_p95_us.median,
      p99: json.aggregate.latency_p99_us.median,
    };
    const usPerUnit: Record<string, number> = { µs: 1, ms: 1000, s: 1_000_000 };
    assert.equal(shown.length, 4);
    for (const [, name = '', unit = '', figure = ''] of shown) {
      const shownUs = Number(figure.replaceAll(',', '')) * (usPerUnit[unit] ?? Number.NaN);
      const median = medians[name] ?? Number.NaN;
      assert.ok(Math.abs(shownUs / median - 1) < 0.001, `${name}: ${shownUs} and ${median}`);
    }
  });

  it('uses one unit for all latencies of a table: that of the smallest', () => {
    const { aggregate } = sampleReport();
    const text = summary({ aggregate: { ...aggregate, latency_p50_us: stats(850, 10) } });
    assert.match(text, /latency p50 +µs +850\.0 /);
    assert.match(text, /latency p99 +µs +17,054 /);
  });
});

describe('the floor of the tool itself', () => {
  it('stands beside the results, once for all runs', () => {
    const nullFloor = {
      engine: 'wire',
      calls: 900,
      p50Us: 412,
      p99Us: 1030,
      measuredAtUtc: '2026-01-02T03:04:05.000Z',
    };
    const text = summary({ runs: [1, 2].map((index) => storedRun(index, { nullFloor })) });
    const lines = text.split('\n').filter((line) => line.startsWith('floor'));
    assert.deepEqual(lines, [
      'floor      a call of nothing takes 412 µs at p50, 1,030 µs at p99 on this machine (wire)',
    ]);
  });
});

describe('the summary of an open loop', () => {
  const openLoop = {
    dueCalls: 1000,
    sentCalls: 990,
    unsentCalls: 10,
    cappedCalls: 42,
    maxInFlight: 100,
    mostInFlight: 100,
    pacing: 'spin',
    generatorCores: 0.987,
  } as const;

  it('shows response and service time, lateness, what was held back and what the pacing cost, side by side', () => {
    const run = storedRun(1, {
      openLoop,
      offeredRps: 100,
      throughputRps: 98.5,
      latencyKind: 'response',
      responseTime: { ...latency(990, 25_000), p99Us: 1_002_000 },
      serviceTime: { ...latency(990, 12_000), p99Us: 13_000 },
      sendLateness: { ...latency(1000, 120), p99Us: 950 },
    });
    const text = summary({
      runs: [run],
      config: {
        ...sampleReport().config,
        arrival: { kind: 'poisson', ratePerS: 100 },
        totalRequests: 0,
        durationMs: 10_000,
      },
    });
    assert.match(text, /open loop at 100 calls\/s, Poisson, Weave/);
    assert.match(
      text,
      /^ *1 +100\.0 +98\.50 +25\.00 +1,002 +12\.00 +13\.00 +120 +950 +42 +10 +0\.99 \(spin\)$/m,
    );
    assert.match(text, /latencies above are response times/);
  });

  it('says what the schedule is', () => {
    for (const [arrival, words] of [
      [{ kind: 'constant', ratePerS: 1200 }, 'at 1,200 calls/s, evenly spaced'],
      [{ kind: 'gamma', ratePerS: 5, burstiness: 0.25 }, 'at 5 calls/s, gamma of burstiness 0.25'],
      [{ kind: 'replay', path: 'times.txt' }, 'by the schedule file times.txt'],
      [
        {
          kind: 'stages',
          stages: [
            { ratePerS: 50, durationMs: 10_000, ramp: false },
            { ratePerS: 100, durationMs: 500, ramp: true },
          ],
        },
        'in stages: 50 calls/s for 10 s, up or down to 100 calls/s for 500 ms',
      ],
    ] as const) {
      const text = summary({ config: { ...sampleReport().config, arrival } });
      assert.ok(text.includes(`open loop ${words}, `), text);
    }
  });

  it('has no such table for a closed loop', () => {
    assert.doesNotMatch(summary({}), /lateness|held by cap/);
  });
});
