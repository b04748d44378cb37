import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { threadCount } from '../../src/harness/thread-count.ts';
import { harnessConfig, type HarnessChanges } from '../support/run-plans.ts';

const CORES = 16;

function threadsFor(changes: HarnessChanges, cores = CORES): number {
  const serverAddr = 'host:1';
  return threadCount(harnessConfig({ threads: 0, serverAddr, ...changes }), cores);
}

describe('the number of threads', () => {
  it('is the one that was asked for, whatever the cores', () => {
    assert.equal(threadsFor({ threads: 7 }, 2), 7);
  });

  it('left to us is one for a load that one thread carries', () => {
    assert.equal(threadsFor({ concurrency: 200 }), 1);
    assert.equal(threadsFor({ arrival: { kind: 'poisson', ratePerS: 20_000 } }), 1);
  });

  it('left to us grows with the load, and with what a call costs the engine', () => {
    assert.equal(threadsFor({ concurrency: 2000 }), 4);
    assert.equal(threadsFor({ arrival: { kind: 'constant', ratePerS: 100_000 } }), 5);
    assert.equal(
      threadsFor({ engine: 'grpc-js', arrival: { kind: 'constant', ratePerS: 9000 } }),
      3,
    );
    const stages = [
      { ratePerS: 100, durationMs: 1000, ramp: false },
      { ratePerS: 50_000, durationMs: 1000, ramp: true },
    ];
    assert.equal(threadsFor({ arrival: { kind: 'stages', stages } }), 3);
  });

  it('left to us leaves a core for the worker and one for an embedded target', () => {
    const heavy: HarnessChanges = { arrival: { kind: 'constant', ratePerS: 1_000_000 } };
    assert.equal(threadsFor(heavy, 4), 3);
    assert.equal(threadsFor({ ...heavy, serverAddr: '' }, 4), 2);
    assert.equal(threadsFor(heavy, 1), 1);
  });
});
