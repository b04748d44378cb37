// A disk that fills up in the midst of a benchmark: the run under way is lost, the earlier ones are not, and it goes on when
// a collection of old results has made room.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { collectArtifacts } from '../../src/cli/artifacts/collect-artifacts.ts';
import { freeBytes } from '../../src/runtime/disk-space.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { ScriptedRuns, untilStopped } from '../support/fake-worker.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startBareFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const MIB = 1024 * 1024;
/** Room for a run. */
const DISK_MIB = 80;
/** Less than a run needs to go on. */
const LEFT_BYTES = 10 * MIB;
const skip =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root on Linux may mount a small disk'
    : false;

describe('a benchmark on a disk that fills up', { skip }, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let benchmarks: BenchmarkClient;
  let disk = '';

  before(async () => {
    fixture = await startBareFixture(runs, { overrides: { freeBytes } });
    benchmarks = createBenchmarkClient(fixture.connection.client);
    disk = join(fixture.directory, 'artifacts');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk]);
  });
  after(async () => {
    // A lazy one succeeds while a process still looks at it.
    spawnSync('umount', ['--lazy', disk]);
    await fixture.stop();
  });

  const start = (benchmarkId: string, count: number): Promise<unknown> =>
    benchmarks.start({
      benchmarkId,
      raw: { runs: count, warmupRuns: 0, totalRequests: 10, perRunWarmup: '0s' },
    });

  it('loses the run under way and no other, says so, and is measured to its end once old results have made room', async () => {
    await start('old', 1);
    const old = await benchmarks.result('old');
    assert.equal(old.kind, 'completed');
    runs.script('filling measured 2', async (hooks) => {
      runs.script('filling measured 2', () => Promise.resolve(aMeasurement()));
      fill(join(dirname(old.outcome.report.path), 'filler'), (await freeBytes(disk)) - LEFT_BYTES);
      return untilStopped(hooks);
    });
    await start('filling', 3);
    const failure = await waitFor('the run failed for want of room', async () => {
      const { pending } = await benchmarks.progress('filling');
      return pending?.running === false ? pending.lastFailure : null;
    });
    assert.match(failure, /^Only 10\.0 MiB are free for .*, a run needs 16 MiB\. Free some space/);

    const retention = await collectArtifacts({
      root: disk,
      client: benchmarks,
      policy: { keepNewest: null, olderThanMs: null, maxTotalBytes: 0 },
      remove: true,
      signal: new AbortController().signal,
    });
    assert.deepEqual(
      retention.spared.map(({ benchmark, why }) => [benchmark.benchmarkId, why]),
      [['filling', 'it is running']],
    );
    assert.ok(!existsSync(old.outcome.report.path));
    await tryNow('filling');
    const end = await benchmarks.result('filling');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(
      end.outcome.runs.map(({ key, attempt }) => [key.index, attempt.attempt]),
      [
        [1, 1],
        [2, 2],
        [3, 1],
      ],
    );
    const begun = ['measured 1', 'measured 2', 'measured 2', 'measured 3'];
    assert.deepEqual(runs.of('filling'), begun);
  });

  /** Instead of after the pause that a full disk is given. */
  async function tryNow(workflowId: string): Promise<void> {
    const { client, namespace } = fixture.connection;
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    await client.workflowService.resetActivity({
      namespace,
      execution: { workflowId },
      id: raw.pendingActivities?.[0]?.activityId ?? '',
    });
  }
});

function fill(path: string, bytes: number): void {
  execFileSync('fallocate', ['--length', String(bytes), path]);
}
