// One load at a time on a target: benchmarks of one address wait for each other, whatever becomes of the one that has it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunHooks } from '../../src/activities/dependencies.ts';
import { leaseIdOf, LEASE_WORKFLOW_TYPE } from '../../src/contract/target-lease.ts';
import type { BenchmarkStage } from '../../src/contract/benchmark-state.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { ScriptedRuns, untilStopped } from '../support/fake-worker.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };

describe('the lease of a target on a real server', onLinux, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let benchmarks: BenchmarkClient;

  before(async () => {
    // A run whose benchmark was terminated stops.
    const stillWanted = (): Promise<boolean> => Promise.resolve(false);
    fixture = await startWorkflowFixture(runs, { stillWanted });
    benchmarks = createBenchmarkClient(fixture.connection.client);
  });
  after(() => fixture.stop());

  const settings = (port: number): Record<string, unknown> => ({
    runs: 2,
    warmupRuns: 0,
    totalRequests: 10,
    perRunWarmup: '0s',
    serverAddr: `localhost:${port}`,
  });
  const start = (benchmarkId: string, port: number): Promise<unknown> =>
    benchmarks.start({ benchmarkId, raw: settings(port) });
  const stageOf = async (id: string): Promise<BenchmarkStage | undefined> =>
    (await benchmarks.progress(id)).progress?.stage;
  const waits = (id: string, port: number, behind: string[]): Promise<unknown> =>
    waitFor(`${id} waits`, async () => {
      const stage = await stageOf(id);
      if (stage?.kind !== 'waiting-for-target') return null;
      assert.equal(stage.address, `localhost:${port}`);
      return JSON.stringify(stage.behind) === JSON.stringify(behind) ? true : null;
    });
  /** A run that ends when told to. */
  const held = (name: string): (() => void) => {
    let release: (() => void) | null = null;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    runs.script(name, async (hooks: RunHooks): Promise<RunMeasurement> => {
      const ended = await Promise.race([gate, untilStopped(hooks)]);
      return ended ?? aMeasurement();
    });
    return () => release?.();
  };

  it('lets a second benchmark wait, says for whom, and lets it begin when the first is over', async () => {
    const letGo = held('first measured 1');
    await start('first', 50_001);
    await waitFor('the first one loads', () => runs.of('first').length === 1);
    await start('second', 50_001);
    await waits('second', 50_001, ['first']);
    await start('third', 50_001);
    await waits('third', 50_001, ['first', 'second']);
    assert.deepEqual([...runs.of('second'), ...runs.of('third')], []);
    letGo();
    for (const id of ['first', 'second', 'third']) {
      assert.equal((await benchmarks.result(id)).kind, 'completed', id);
    }
    const all = ['first', 'second', 'third'].flatMap((id) => [
      `${id} measured 1`,
      `${id} measured 2`,
    ]);
    assert.deepEqual(
      runs.begun.filter((name) => all.includes(name)),
      all,
    );
  });

  it('takes the target from a holder that was terminated, which can give nothing back', async () => {
    held('doomed measured 1');
    await start('doomed', 50_002);
    await waitFor('it loads', () => runs.of('doomed').length === 1);
    await start('heir', 50_002);
    await waits('heir', 50_002, ['doomed']);
    await fixture.connection.client.workflow.getHandle('doomed').terminate('by hand');
    assert.equal((await benchmarks.result('heir')).kind, 'completed');
    assert.deepEqual(runs.of('heir'), ['measured 1', 'measured 2']);
  });

  it('takes the target from a holder that the server has timed out, which can give nothing back either', async () => {
    held('expired measured 1');
    await benchmarks.start({
      benchmarkId: 'expired',
      raw: settings(50_005),
      executionTimeoutMs: 4_000,
    });
    await waitFor('it loads', () => runs.of('expired').length === 1);
    await start('successor', 50_005);
    await waits('successor', 50_005, ['expired']);
    assert.equal((await benchmarks.result('expired')).kind, 'timed-out');
    assert.equal((await benchmarks.result('successor')).kind, 'completed');
    assert.deepEqual(runs.of('successor'), ['measured 1', 'measured 2']);
  });

  it('forgets a benchmark that is cancelled while it waits', async () => {
    const letGo = held('patient measured 1');
    await start('patient', 50_003);
    await waitFor('it loads', () => runs.of('patient').length === 1);
    await start('leaver', 50_003);
    await waits('leaver', 50_003, ['patient']);
    await start('last', 50_003);
    await waits('last', 50_003, ['patient', 'leaver']);
    await benchmarks.cancel('leaver');
    assert.equal((await benchmarks.result('leaver')).kind, 'cancelled');
    await waits('last', 50_003, ['patient']);
    letGo();
    assert.equal((await benchmarks.result('last')).kind, 'completed');
    assert.deepEqual(runs.of('leaver'), []);
  });

  it('asks again for a target that it has lost between two runs', async () => {
    const letGo = held('robbed measured 1');
    await start('robbed', 50_004);
    await waitFor('it loads', () => runs.of('robbed').length === 1);
    const leaseId = leaseIdOf('localhost:50004', 'test-host') ?? '';
    await fixture.connection.client.workflow.getHandle(leaseId).terminate('by mistake');
    letGo();
    const end = await benchmarks.result('robbed');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(end.outcome.failedRuns, []);
    assert.deepEqual(runs.of('robbed'), ['measured 1', 'measured 2']);
  });

  it('ends when nobody wants the target any more, and is never made for an embedded one', async () => {
    await benchmarks.start({ benchmarkId: 'own', raw: { ...settings(1), serverAddr: '' } });
    assert.equal((await benchmarks.result('own')).kind, 'completed');
    const query = `WorkflowType = '${LEASE_WORKFLOW_TYPE}'`;
    await waitFor('the leases are over', async () => {
      const states = new Map<string, string>();
      for await (const { workflowId, status } of fixture.connection.client.workflow.list({
        query,
      })) {
        // Newest first.
        if (!states.has(workflowId)) states.set(workflowId, status.name);
      }
      assert.ok(states.size <= 5, [...states.keys()].join(' '));
      return [...states.values()].every((status) => status === 'COMPLETED') ? true : null;
    });
  });
});
