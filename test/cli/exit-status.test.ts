import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  exitCodeOfEnd,
  exitCodeOfError,
  exitCodeOfOutcome,
  explainEnd,
  explainError,
} from '../../src/cli/exit-status.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import { metricUnit, type MetricName } from '../../src/contract/metric.ts';
import type { ThresholdResult } from '../../src/contract/threshold.ts';

it('ends with 0 for a valid or doubtful result and 3 for an invalid one', () => {
  assert.equal(exitCodeOfOutcome({ status: 'completed', verdict: 'VALID' }), 0);
  assert.equal(exitCodeOfOutcome({ status: 'completed', verdict: 'WARN' }), 0);
  assert.equal(exitCodeOfOutcome({ status: 'completed', verdict: 'INVALID' }), 3);
});

const missed = (metric: MetricName, status: ThresholdResult['status']): ThresholdResult => ({
  metric,
  comparison: '<',
  limit: 1,
  unit: metricUnit(metric),
  text: `${metric}<limit`,
  observed: status === 'no-data' ? null : 2,
  status,
  message: '',
});

it('ends with 99 for a missed threshold, also one without data', () => {
  const outcome = { status: 'completed', verdict: 'WARN' } as const;
  const code = (...thresholds: ThresholdResult[]): number =>
    exitCodeOfOutcome({ ...outcome, thresholds });
  assert.equal(code(missed('latency_p99', 'pass')), 0);
  assert.equal(code(missed('latency_p99', 'pass'), missed('ttft_p99', 'fail')), 99);
  assert.equal(code(missed('ttft_p99', 'no-data')), 99);
});

it('lets an INVALID result win over a missed threshold, but not over errors and unsent calls that were counted', () => {
  const outcome = { status: 'completed', verdict: 'INVALID' } as const;
  const code = (threshold: ThresholdResult): number =>
    exitCodeOfOutcome({ ...outcome, thresholds: [threshold] });
  assert.equal(code(missed('latency_p99', 'fail')), 3);
  assert.equal(code(missed('error_rate', 'no-data')), 3);
  assert.equal(code(missed('error_rate', 'fail')), 99);
  assert.equal(code(missed('sent_share', 'fail')), 99);
});

it('never ends with 0 for a benchmark that was stopped', () => {
  assert.equal(exitCodeOfOutcome({ status: 'cancelled', verdict: 'VALID' }), 1);
  assert.equal(exitCodeOfEnd({ kind: 'cancelled', outcome: null }), 1);
  assert.equal(exitCodeOfEnd({ kind: 'terminated', message: '' }), 1);
  assert.equal(exitCodeOfEnd({ kind: 'timed-out', message: '' }), 1);
});

it('tells bad usage (2) from a failure (1)', () => {
  assert.equal(exitCodeOfError(new BenchmarkError('config-invalid', '')), 2);
  assert.equal(exitCodeOfError(new BenchmarkError('output-unwritable', '')), 2);
  assert.equal(exitCodeOfError(new BenchmarkError('benchmark-not-found', '')), 2);
  assert.equal(exitCodeOfError(new BenchmarkError('temporal-unreachable', '')), 1);
  assert.equal(exitCodeOfError(new TypeError('ours')), 1);
});

it('shows our own errors as their sentence, and a stack only when logs are on', () => {
  const error = new BenchmarkError('port-in-use', 'Port 1 is taken. Take another.');
  assert.equal(explainError(error, false), 'Port 1 is taken. Take another.');
  assert.match(explainError(error, true), /exit-status\.test/);
});

it('adds a word to every end but a completed one', () => {
  const failed = { kind: 'failed', code: 'target-died', message: 'Gone.', outcome: null } as const;
  assert.equal(explainEnd('b', failed), 'Benchmark b failed (target-died): Gone.');
});
