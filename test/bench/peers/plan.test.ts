import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePeersOptions } from '../../../bench/peers/options.ts';
import { callsOf, interleaved, warmUpCallsOf } from '../../../bench/peers/plan.ts';

describe('the plan of the comparison', () => {
  it('runs every tool once a repetition, each time another one first', () => {
    const turns = interleaved(['a', 'b', 'c'], 4);
    assert.deepEqual(
      turns.map(({ repetition, item }) => `${repetition}${item}`).join(' '),
      '1a 1b 1c 2b 2c 2a 3c 3a 3b 4a 4b 4c',
    );
    assert.deepEqual(interleaved([], 3), []);
  });

  it('gives a dear tool a tenth of the calls of a fast server, and all of those whose time the server decides', () => {
    const size = { concurrency: 50, streaming: false, calls: 1000 };
    assert.equal(callsOf({ ...size, target: 'fast', dear: false }), 1000);
    assert.equal(callsOf({ ...size, target: 'fast', dear: true }), 100);
    assert.equal(callsOf({ ...size, target: 'delayed', dear: true }), 1000);
  });

  it('takes as many calls of the delayed server as it answers in 3 s: c / 15 ms', () => {
    const size = { target: 'delayed', streaming: false, dear: false, calls: null } as const;
    assert.equal(callsOf({ ...size, concurrency: 1 }), 200);
    assert.equal(callsOf({ ...size, concurrency: 200 }), 40_000);
  });

  it('lets our own tools warm up long enough to be compiled, the dear one with fewer calls', () => {
    assert.equal(warmUpCallsOf('fast', false), 100_000);
    assert.equal(warmUpCallsOf('fast', true), 10_000);
    assert.equal(warmUpCallsOf('delayed', true), 20_000);
  });

  it('refuses a target, a count or a flag that it does not know', () => {
    assert.throws(() => parsePeersOptions(['--targets', 'fast,slow']), /not 'slow'/);
    assert.throws(() => parsePeersOptions(['--repetitions', '0']), /--repetitions/);
    assert.throws(() => parsePeersOptions(['--concurrency', '1,x']), /'x'/);
    assert.throws(() => parsePeersOptions(['--reps', '3']), /--reps/);
    assert.deepEqual(parsePeersOptions(['--concurrency', '10', '--no-pin']), {
      targets: ['fast', 'delayed'],
      concurrencies: [10],
      repetitions: 5,
      calls: null,
      tools: null,
      streaming: false,
      json: false,
      pin: false,
      runSeconds: 60,
    });
  });
});
