import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import type { TrialJudgement } from '../../src/contract/suite.ts';
import type { GateResult } from '../../src/contract/warning.ts';
import { judgeTrial } from '../../src/suite/capacity-trial.ts';
import { aMeasurement } from '../support/stored-run.ts';

const gate = (id: string, status: GateResult['status'] = 'fail'): GateResult => ({
  id,
  name: id,
  status,
  value: 1,
  limit: 0,
  unit: '',
  message: `the message of ${id}.`,
});

/** A run with a mean of 1.234 ms, INVALID when a gate failed. */
function run(gates: readonly string[], overrides: Partial<RunMeasurement> = {}): RunMeasurement {
  const plain = aMeasurement();
  return aMeasurement({
    latency: { ...plain.latency, meanUs: 1234 },
    gates: gates.map((id) => gate(id)),
    verdict: gates.length === 0 ? 'VALID' : 'INVALID',
    ...overrides,
  });
}

const judged = (slo: string, measurement: RunMeasurement): TrialJudgement =>
  judgeTrial(slo, measurement).trial;

const MET = 'latency_mean<80ms';
const MISSED = 'latency_mean<1ms';

describe('what a trial of a capacity search says of its rate', () => {
  it('is met or missed by its own figures when its checks hold', () => {
    assert.deepEqual(judged(MET, run([])), { verdict: 'met', text: 'latency_mean 1.234 ms' });
    assert.deepEqual(judged(MISSED, run([])), { verdict: 'missed', text: 'latency_mean 1.234 ms' });
    assert.equal(judged(`${MET},throughput_rps>11`, run([])).verdict, 'missed');
    const warned = run([], { gates: [gate('G2', 'warn')], verdict: 'WARN' });
    assert.equal(judged(MET, warned).verdict, 'met');
  });

  it('is spoilt, whatever its figures, when the generator was at fault', () => {
    for (const fault of ['G2', 'G3', 'G5', 'G7', 'G11', 'G12', 'G15']) {
      for (const slo of [MET, MISSED]) {
        const { verdict, text } = judged(slo, run([fault]));
        assert.equal(verdict, 'spoilt', `${fault} ${slo}`);
        assert.match(text, new RegExp(`${fault} the message`));
        // Overload beside it proves nothing either.
        assert.equal(judged(slo, run(['S1', fault])).verdict, 'spoilt');
        assert.equal(judged(slo, run(['G1', fault])).verdict, 'spoilt');
      }
    }
    assert.equal(judged(MISSED, run(['G1'])).verdict, 'spoilt');
    assert.equal(judged(MET, run([], { interrupted: true })).verdict, 'spoilt');
  });

  it('is late when it was met, and nothing is wrong but that calls went out later than they were due', () => {
    const { verdict, text } = judged(MET, run(['G1']));
    assert.equal(verdict, 'late');
    assert.equal(text, 'G1 the message of G1. (latency_mean 1.234 ms)');
    // A state that did not last, and calls that never ended or were never sent, are another matter.
    assert.equal(judged(MET, run(['G1', 'S1'])).verdict, 'spoilt');
    assert.equal(judged(MET, run(['G1', 'G13'])).verdict, 'spoilt');
    const unended = { issued: 1000, ok: 999, degraded: 0, errors: 0, incomplete: 1 };
    assert.equal(judged(MET, run(['G1'], { calls: unended })).verdict, 'spoilt');
    assert.equal(judged(`${MET},throughput_rps>11`, run(['G1'])).verdict, 'spoilt');
  });

  it('is missed when what its checks refuse is what overload looks like', () => {
    assert.equal(judged(MISSED, run(['S1'])).verdict, 'missed');
    const capped = { warnings: [{ code: 'in-flight-cap', message: '' }] };
    assert.equal(judged(MISSED, run(['S1', 'G1'], capped)).verdict, 'missed');
    assert.equal(judged(MET, run(['G13'])).verdict, 'missed');
  });

  it('is spoilt when the service level was met in a state that did not last', () => {
    assert.equal(judged(MET, run(['S1'])).verdict, 'spoilt');
  });

  it('is missed when calls never ended, though those that did were fast', () => {
    const counts = { issued: 100, ok: 98, degraded: 0, errors: 0, incomplete: 2 };
    const { verdict, text } = judged(MET, run([], { calls: counts }));
    assert.equal(verdict, 'missed');
    assert.match(text, /^2\.0 % of the calls never ended/);
    const few = { ...counts, ok: 99, incomplete: 1 };
    assert.equal(judged(MET, run([], { calls: few })).verdict, 'met');
  });
});
