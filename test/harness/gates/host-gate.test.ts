import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf, type HostFingerprint } from '../../../src/contract/environment.ts';
import { captureEnvironment, readFingerprint } from '../../../src/harness/environment.ts';
import { hostGate } from '../../../src/harness/gates/host-gate.ts';

const BEGAN: HostFingerprint = {
  cpuModel: 'Some CPU',
  cores: 8,
  cpuLimitCores: null,
  cpuGovernor: 'performance',
};

describe('G16, the host of a run', () => {
  it('passes on the host as it was when the benchmark began', () => {
    const gate = hostGate(BEGAN, [BEGAN, { ...BEGAN }]);
    assert.equal(gate.id, 'G16');
    assert.deepEqual([gate.status, gate.value, gate.limit], ['pass', 0, 0]);
  });

  it('fails on another machine, whatever its name: other CPU, number of cores or quota, before the run or after it', () => {
    const others: Partial<HostFingerprint>[] = [
      { cpuModel: 'Other CPU' },
      { cores: 4 },
      { cpuLimitCores: 2 },
    ];
    for (const other of others) {
      for (const seen of [
        [{ ...BEGAN, ...other }, BEGAN],
        [BEGAN, { ...BEGAN, ...other }],
      ]) {
        const gate = hostGate(BEGAN, seen);
        assert.deepEqual([gate.status, gate.value], ['fail', 1], JSON.stringify(other));
      }
    }
    assert.match(hostGate(BEGAN, [{ ...BEGAN, cores: 4 }]).message, /cores 4 instead of 8/);
    const quota = hostGate({ ...BEGAN, cpuLimitCores: 2 }, [BEGAN]);
    assert.match(quota.message, /CPU quota in cores none instead of 2/);
  });

  it('warns of another governor alone, and fails when there is more', () => {
    const powersave = { ...BEGAN, cpuGovernor: 'powersave' };
    const gate = hostGate(BEGAN, [powersave, powersave]);
    assert.deepEqual([gate.status, gate.value], ['warn', 1]);
    assert.match(gate.message, /CPU governor powersave instead of performance/);
    assert.deepEqual(
      (({ status, value }) => [status, value])(hostGate(BEGAN, [{ ...powersave, cores: 4 }])),
      ['fail', 2],
    );
  });

  it('takes what could not be read for no change', () => {
    const silent = { ...BEGAN, cpuModel: null, cpuGovernor: null };
    assert.equal(hostGate(BEGAN, [silent]).status, 'pass');
    assert.equal(hostGate(silent, [BEGAN]).status, 'pass');
  });

  it('is not measured where there is no benchmark to hold the run against', () => {
    assert.equal(hostGate(undefined, [BEGAN]).status, 'not-measured');
  });

  it('reads before a run what was captured when the benchmark began', async () => {
    assert.deepEqual(await readFingerprint(), fingerprintOf(await captureEnvironment()));
  });
});
