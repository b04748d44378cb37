import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorPct, figuresOf, pairedRatios, type PeerRun } from '../../../bench/peers/figures.ts';

function run(tool: string, repetition: number, cpuUsPerCall: number): PeerRun {
  return {
    tool,
    repetition,
    calls: 1000,
    notOk: repetition === 2 ? 1 : 0,
    cpuUsPerCall,
    callsPerSecond: 1e6 / cpuUsPerCall,
    peakMiB: 10,
    p50Us: null,
    p99Us: null,
    p50ErrorPct: tool === 'wire' ? cpuUsPerCall / 10 : null,
    p99ErrorPct: null,
  };
}

describe('the comparison with the peers', () => {
  it('pairs the ratios by repetition, so that a machine that slows down changes none of them', () => {
    const ours = [run('wire', 1, 1), run('wire', 2, 2), run('wire', 3, 4)];
    const theirs = [run('h2load', 3, 8), run('h2load', 1, 2), run('h2load', 2, 4)];
    assert.deepEqual(pairedRatios(ours, theirs), [0.5, 0.5, 0.5]);
    const [, peer] = figuresOf([...ours, ...theirs]);
    assert.deepEqual(peer?.cpuRatioOfWire, { min: 0.5, median: 0.5, max: 0.5 });
    assert.deepEqual(peer.cpuUsPerCall, { min: 2, median: 4, max: 8 });
  });

  it('leaves a repetition out of the ratios when one of the two tools failed in it', () => {
    const ours = [run('wire', 1, 1), run('wire', 3, 3)];
    const theirs = [run('ghz', 1, 10), run('ghz', 2, 10)];
    assert.deepEqual(pairedRatios(ours, theirs), [0.1]);
    const [wire, peer] = figuresOf([...ours, ...theirs]);
    assert.equal(peer?.repetitions, 2);
    assert.equal(peer.notOk, 1);
    assert.equal(wire?.cpuRatioOfWire, null);
  });

  it('gives no ratio where our engine did not run, and no error where the server kept no stamps', () => {
    const [only] = figuresOf([run('ghz', 1, 10)]);
    assert.equal(only?.cpuRatioOfWire, null);
    assert.equal(only.p50ErrorPct, null);
    const [wire] = figuresOf([run('wire', 1, 10), run('wire', 2, 20)]);
    assert.deepEqual(wire?.p50ErrorPct, { min: 1, median: 1.5, max: 2 });
  });

  it('states an error against the stamp in per cent, signed', () => {
    assert.equal(errorPct(15_300, 15_000), 2);
    assert.equal(errorPct(14_850, 15_000), -1);
    assert.equal(errorPct(null, 15_000), null);
    assert.equal(errorPct(15_000, null), null);
    assert.equal(errorPct(15_000, 0), null);
  });
});
