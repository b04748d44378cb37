// A measuring host without room: the run's attempts are used up while somebody has yet to make some. The benchmark waits for
// that, says so, and goes on with the same run.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { BenchmarkProgress } from '../../src/contract/benchmark-state.ts';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { ScriptedRuns } from '../support/fake-worker.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const FULL = 'Only 3.0 MiB are free for artifacts, a run needs 16 MiB. Free some space there.';
const SMALL = { runs: 3, warmupRuns: 1, totalRequests: 10, perRunWarmup: '0s' };
const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };

describe('a benchmark whose host has no room', onLinux, () => {
  const runs = new ScriptedRuns();
  /** Every time that the workflow asked for a run, with what became of it. */
  const asked: string[] = [];
  /** Benchmarks whose second run finds the disk full. */
  const full = new Set<string>();
  let fixture: WorkflowFixture;
  let benchmarks: BenchmarkClient;

  before(async () => {
    fixture = await startWorkflowFixture(runs, {}, ({ measureRun }) => ({
      measureRun: (plan) => {
        const { workflowId, phase, index } = plan.key;
        const isFull = full.has(workflowId) && phase === 'measured' && index === 2;
        asked.push(`${workflowId} ${phase} ${index}${isFull ? ' full' : ''}`);
        // Not to be retried: as after the last of the attempts.
        if (isFull) throw ApplicationFailure.nonRetryable(FULL, 'disk-full');
        return measureRun(plan);
      },
    }));
    benchmarks = createBenchmarkClient(fixture.connection.client);
  });
  after(() => fixture.stop());

  const waiting = (benchmarkId: string): Promise<BenchmarkProgress> =>
    waitFor('it waits for space', async () => {
      const { progress } = await benchmarks.progress(benchmarkId);
      return progress?.stage.kind === 'waiting-for-space' ? progress : null;
    });
  const detailsOf = async (benchmarkId: string): Promise<string> => {
    const { currentDetails } = await fixture.connection.client.workflow
      .getHandle(benchmarkId)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return currentDetails;
  };

  it('waits and says why, and goes on with that run once there is room, without losing or repeating any', async () => {
    full.add('roomless');
    await benchmarks.start({ benchmarkId: 'roomless', raw: SMALL });
    const progress = await waiting('roomless');
    assert.deepEqual(progress.stage, { kind: 'waiting-for-space', message: FULL });
    assert.deepEqual(
      progress.finished.map(({ key }) => `${key.phase} ${key.index}`),
      ['warmup 1', 'measured 1'],
    );
    assert.deepEqual(progress.failed, []);
    assert.match(await detailsOf('roomless'), /waiting for disk space \(Only 3\.0 MiB are free/);

    full.delete('roomless');
    const end = await benchmarks.result('roomless');
    assert.equal(end.kind, 'completed');
    assert.equal(end.outcome.status, 'completed');
    const own = asked.filter((name) => name.startsWith('roomless '));
    assert.equal(own.filter((name) => name === 'roomless measured 2').length, 1);
    assert.deepEqual(
      own.filter((name) => !name.endsWith(' full')).map((name) => name.slice('roomless '.length)),
      ['warmup 1', 'measured 1', 'measured 2', 'measured 3'],
    );
    assert.deepEqual(runs.of('roomless'), ['warmup 1', 'measured 1', 'measured 2', 'measured 3']);
    const report = JSON.parse(readFileSync(end.outcome.report.path, 'utf8')) as BenchmarkReport;
    assert.deepEqual(
      report.runs.map(({ key }) => key.index),
      [1, 2, 3],
    );
    assert.doesNotMatch(await detailsOf('roomless'), /waiting/);
  });

  it('can be cancelled while it waits, and then keeps a report of what it has measured', async () => {
    full.add('given-up');
    await benchmarks.start({ benchmarkId: 'given-up', raw: SMALL });
    await waiting('given-up');
    await benchmarks.cancel('given-up');
    const end = await benchmarks.result('given-up');
    assert.equal(end.kind, 'cancelled');
    assert.ok(end.outcome !== null);
    const report = JSON.parse(readFileSync(end.outcome.report.path, 'utf8')) as BenchmarkReport;
    assert.deepEqual(
      report.runs.map(({ key }) => key.index),
      [1],
    );
  });
});
