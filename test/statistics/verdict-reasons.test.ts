// The reasons of a verdict as a person reads them: a line for each check, however many runs it hit.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { runsText } from '../../src/contract/runs-text.ts';
import type { FailedRun } from '../../src/contract/run-result.ts';
import type { GateResult } from '../../src/contract/warning.ts';
import { summarizeBenchmark } from '../../src/statistics/aggregate.ts';
import { failureReasons, gateReasons } from '../../src/statistics/verdict-reasons.ts';
import { storedRun } from '../support/run-measurements.ts';

type Status = GateResult['status'];

function gate(id: string, status: Status, value: number | null, limit: number | null): GateResult {
  const message = `${id} saw ${value ?? 'nothing'}.`;
  return { id, name: `check ${id}`, status, value, limit, unit: 'ms', message };
}

function runWith(index: number, gates: readonly GateResult[]) {
  const fails = gates.some(({ status }) => status === 'fail');
  return storedRun(index, { gates, verdict: fails ? 'INVALID' : 'WARN' });
}

describe('the reasons of a verdict', () => {
  it('are one line for a check that hit many runs, with those runs and the worst of them', () => {
    const values = [12, 40, 11, 30, 15];
    const runs = values.map((value, index) =>
      runWith(index + 1, [gate('G1', 'fail', value, 10), gate('G5', 'pass', 0, 1)]),
    );
    assert.deepEqual(gateReasons(runs, 'fail', 9), [
      'G1 (check G1) failed in runs 1-5, which are INVALID; worst in run 2: G1 saw 40.',
    ]);
    assert.match(gateReasons(runs, 'fail', 5)[0] ?? '', /failed in all 5 runs/);
  });

  it('find the worst below the limit where a check asks for at least that much', () => {
    const runs = [8, 2, 5].map((value, index) =>
      runWith(index + 1, [gate('G10', 'warn', value, 10)]),
    );
    assert.deepEqual(gateReasons(runs, 'warn', 4), [
      'G10 (check G10) warns in runs 1-3; worst in run 2: G10 saw 2.',
    ]);
  });

  it('take a drift downwards for as bad as one upwards, and limits that differ from run to run into account', () => {
    const drifts = [6, -9].map((value, index) =>
      runWith(index + 1, [gate('S1', 'fail', value, 5)]),
    );
    assert.match(gateReasons(drifts, 'fail', 2)[0] ?? '', /worst in run 2: S1 saw -9/);
    const limits = [
      runWith(1, [gate('G1', 'fail', 30, 20)]),
      runWith(2, [gate('G1', 'fail', 12, 4)]),
    ];
    assert.match(gateReasons(limits, 'fail', 2)[0] ?? '', /worst in run 2/);
  });

  it('are a line for each check of a run, and say so of a run that no check explains', () => {
    const runs = [
      runWith(1, [gate('G1', 'fail', 11, 10), gate('G2', 'fail', 12, 10)]),
      runWith(2, [gate('G2', 'fail', 13, 10)]),
      storedRun(3, { verdict: 'INVALID' }),
    ];
    assert.deepEqual(gateReasons(runs, 'fail', 3), [
      'G1 (check G1) failed in run 1, which is INVALID: G1 saw 11.',
      'G2 (check G2) failed in runs 1, 2, which are INVALID; worst in run 2: G2 saw 13.',
      'Run 3 is INVALID, and no gate says why.',
    ]);
  });

  it('stand in the order in which a run lists its checks, whichever run complains first', () => {
    const runs = [
      runWith(1, [gate('G2', 'pass', 1, 10), gate('S2', 'warn', 12, 100)]),
      runWith(2, [gate('G2', 'warn', 11, 10), gate('S2', 'pass', 120, 100)]),
    ];
    assert.deepEqual(
      gateReasons(runs, 'warn', 2).map((reason) => reason.slice(0, 2)),
      ['G2', 'S2'],
    );
  });

  it('name a check without a value by the first run that it hit', () => {
    const runs = [1, 2].map((index) => runWith(index, [gate('G8', 'fail', null, null)]));
    assert.match(gateReasons(runs, 'fail', 2)[0] ?? '', /all 2 runs.*; worst in run 1: /);
  });

  it('gather failed runs by what made them fail', () => {
    const failed = (index: number, code: FailedRun['code']): FailedRun => ({
      key: { workflowId: 'w', firstExecutionRunId: 'r', phase: 'measured', index },
      code,
      message: `${code} of ${index}`,
      attempts: 3,
    });
    const runs = [
      failed(2, 'target-died'),
      failed(3, 'target-died'),
      failed(5, 'target-unreachable'),
    ];
    assert.deepEqual(failureReasons(runs, 10), [
      'Runs 2, 3 failed (target-died): target-died of 2',
      'Run 5 failed (target-unreachable): target-unreachable of 5',
    ]);
  });

  it('do not grow with the number of runs', () => {
    const runs = Array.from({ length: 30 }, (_, index) =>
      runWith(index + 1, [gate('G2', 'warn', index + 20, 10), gate('S2', 'warn', index, 1000)]),
    );
    const { reasons, verdict } = summarizeBenchmark({ runs, failedRuns: [], expectedRuns: 30 });
    assert.equal(verdict, 'WARN');
    assert.deepEqual(reasons, [
      'G2 (check G2) warns in all 30 runs; worst in run 30: G2 saw 49.',
      'S2 (check S2) warns in all 30 runs; worst in run 1: S2 saw 0.',
    ]);
  });
});

describe('a list of runs', () => {
  it('names each run once, neighbours by the first and the last', () => {
    assert.equal(runsText([3]), 'run 3');
    assert.equal(runsText([6, 5, 1, 4, 4]), 'runs 1, 4-6');
    assert.equal(runsText([1, 2]), 'runs 1, 2');
    assert.equal(runsText([1, 2, 3], 3), 'all 3 runs');
    assert.equal(runsText([1], 1), 'run 1');
  });

  it('can be read back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (runs) => {
        const read = runsText(runs)
          .replace(/^runs? /, '')
          .split(', ')
          .flatMap((part) => {
            const [first = 0, last = first] = part.split('-').map(Number);
            return Array.from({ length: last - first + 1 }, (_, index) => first + index);
          });
        assert.deepEqual(
          read,
          [...runs].sort((a, b) => a - b),
        );
      }),
    );
  });
});
