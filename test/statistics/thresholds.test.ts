// Which figure a threshold is held against, and what counts as met.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import type { Threshold, ThresholdResult } from '../../src/contract/threshold.ts';
import { reportSchema } from '../../src/artifacts/report-schema.ts';
import { exitCodeOfOutcome } from '../../src/cli/exit-status.ts';
import { toJson } from '../../src/report/to-json.ts';
import { sampleReport } from '../report/sample-report.ts';
import { parseThreshold } from '../../src/config/threshold.ts';
import { summarizeBenchmark } from '../../src/statistics/aggregate.ts';
import { latencyAround, noLatency, storedRun } from '../support/run-measurements.ts';

function threshold(text: string): Threshold {
  const parsed = parseThreshold(text);
  assert.ok(parsed.kind === 'ok', text);
  return parsed.threshold;
}

function judged(text: string, parts: readonly Partial<RunMeasurement>[]): ThresholdResult {
  const { thresholds } = summarizeBenchmark({
    runs: parts.map((part, index) => storedRun(index + 1, part)),
    failedRuns: [],
    expectedRuns: parts.length,
    thresholds: [threshold(text)],
  });
  assert.equal(thresholds?.length, 1);
  return thresholds[0] ?? assert.fail();
}

const withP50 = (...us: number[]): Partial<RunMeasurement>[] =>
  us.map((medianUs) => ({ latency: latencyAround(medianUs) }));

const withErrors = (errors: number, ok: number): Partial<RunMeasurement> => ({
  windowCalls: { issued: errors + ok, ok, degraded: 0, errors, incomplete: 0 },
});

describe('a threshold over runs', () => {
  it('compares the median over the runs, so that one wild run does not decide', () => {
    assert.deepEqual(
      ['latency_p50<3ms', 'latency_p50<=2ms', 'latency_p50<2ms', 'latency_p50>=2ms'].map((text) => {
        const { observed, status } = judged(text, withP50(1000, 2000, 90_000));
        return [observed, status];
      }),
      [
        [2000, 'pass'],
        [2000, 'pass'],
        [2000, 'fail'],
        [2000, 'pass'],
      ],
    );
  });

  it('compares the largest of all runs for a maximum, the smallest for a minimum', () => {
    assert.equal(judged('latency_max<1s', withP50(1000, 2000, 90_000)).observed, 360_000);
    assert.equal(judged('latency_min>0ms', withP50(1000, 2000, 90_000)).observed, 500);
  });

  it('leaves INVALID and interrupted runs out of latency and throughput', () => {
    const runs: Partial<RunMeasurement>[] = [
      { throughputRps: 10 },
      { throughputRps: 500, verdict: 'INVALID' },
      { throughputRps: 500, interrupted: true },
    ];
    assert.equal(judged('throughput_rps>100', runs).observed, 10);
  });

  it('counts errors over all finished runs, the INVALID ones too: 10 of 300', () => {
    const runs = [
      { ...withErrors(10, 90), verdict: 'INVALID' as const },
      withErrors(0, 100),
      withErrors(0, 100),
    ];
    const { observed, status } = judged('error_rate<1%', runs);
    assert.equal(observed, 10 / 300);
    assert.equal(status, 'fail');
  });

  it('counts the calls that were due and not sent, over INVALID runs too, and has none in a closed loop', () => {
    const sent = (sentCalls: number): Partial<RunMeasurement> => ({
      verdict: 'INVALID',
      openLoop: {
        dueCalls: 100,
        sentCalls,
        unsentCalls: 100 - sentCalls,
        cappedCalls: 0,
        maxInFlight: 10,
        mostInFlight: 10,
        pacing: 'timer',
        generatorCores: null,
      },
    });
    const { observed, status } = judged('sent_share>=99%', [sent(100), sent(70)]);
    assert.equal(observed, 0.85);
    assert.equal(status, 'fail');
    assert.equal(judged('sent_share>=99%', [sent(100)]).status, 'pass');
    assert.equal(judged('sent_share>=99%', [{ openLoop: null }]).status, 'no-data');
  });

  it('counts degraded answers as errors', () => {
    const windowCalls = { issued: 4, ok: 3, degraded: 1, errors: 0, incomplete: 0 };
    assert.equal(judged('error_rate<1%', [{ windowCalls }]).observed, 0.25);
  });

  it('without data is missed and says so', () => {
    const noStreams = judged('ttft_p99<1s', withP50(1000));
    assert.equal(noStreams.status, 'no-data');
    assert.equal(noStreams.observed, null);
    assert.match(noStreams.message, /No run has ttft_p99/);
    assert.equal(judged('latency_p50<1s', [{ latency: noLatency }]).status, 'no-data');
    assert.equal(judged('error_rate<1%', []).status, 'no-data');
  });
});

describe('the flag of a threshold', () => {
  const codeOf = (text: string, parts: readonly Partial<RunMeasurement>[]): number =>
    exitCodeOfOutcome({ status: 'completed', verdict: 'WARN', thresholds: [judged(text, parts)] });

  it('is false with exit code 99 for 5 % errors where less than 1 % was asked for, and true with 0 where 10 % was', () => {
    const runs = [withErrors(5, 95), withErrors(5, 95)];
    assert.equal(judged('error_rate<1%', runs).ok, false);
    assert.equal(codeOf('error_rate<1%', runs), 99);
    assert.equal(judged('error_rate<10%', runs).ok, true);
    assert.equal(codeOf('error_rate<10%', runs), 0);
  });

  it('says the same as the status, in either direction of the comparison and without data', () => {
    const cases = [
      ['latency_p50<3ms', true],
      ['latency_p50>3ms', false],
      ['latency_p50<=2ms', true],
      ['throughput_rps<1', false],
      ['ttft_p50<1ms', false],
    ] as const;
    for (const [text, ok] of cases) {
      const result = judged(text, withP50(2000, 2000));
      assert.equal(result.ok, ok, text);
      assert.equal(result.status === 'pass', ok, text);
      assert.equal(codeOf(text, withP50(2000, 2000)), ok ? 0 : 99, text);
    }
  });

  it('is in the report file, which fits its schema', () => {
    const thresholds = [judged('error_rate<1%', [withErrors(5, 95)])];
    const report = toJson(sampleReport({ thresholds }));
    assert.equal(reportSchema.parse(report).loombench.thresholds?.[0]?.ok, false);
  });
});
