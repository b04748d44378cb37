// A benchmark of many runs: its workflow begins anew whenever its history has become long, and nobody notices.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { ScriptedRuns } from '../support/fake-worker.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startBareFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
const ADDED_RUNS = 2;
/** LOOMBENCH_LONG_RUNS=1000 with LOOMBENCH_LONG_EVENTS=4096 is the real thing; it takes some minutes. */
const RUNS = Number(process.env['LOOMBENCH_LONG_RUNS'] ?? 40) - ADDED_RUNS;
/** The server suggests a new execution from here on; a real one does at 4096. */
const SUGGESTED_EVENTS = Number(process.env['LOOMBENCH_LONG_EVENTS'] ?? 80);
const MAX_EVENTS = Math.min(10_000, SUGGESTED_EVENTS * 2);
const MAX_PAYLOAD_BYTES = 256 * 1024;
const ID = 'long';

describe('a benchmark with a long history, on a real server', onLinux, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let benchmarks: BenchmarkClient;

  before(async () => {
    fixture = await startBareFixture(runs, {
      serverFlags: [
        '--dynamic-config-value',
        `limit.historyCount.suggestContinueAsNew=${SUGGESTED_EVENTS}`,
      ],
    });
    benchmarks = createBenchmarkClient(fixture.connection.client);
  });
  after(() => fixture.stop());

  it('measures every run once over several executions, also those that were added and not those that were left out', async () => {
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => (finish = resolve));
    runs.script(`${ID} measured ${RUNS}`, async () => {
      await over;
      return aMeasurement();
    });
    await benchmarks.start({
      benchmarkId: ID,
      raw: { runs: RUNS, warmupRuns: 1, totalRequests: 10, perRunWarmup: '0s' },
      summary: 'many runs',
      configHash: 'abc',
    });
    await waitFor('the last run', () => runs.of(ID).includes(`measured ${RUNS}`), 600_000);
    await benchmarks.pause(ID);
    assert.equal(await benchmarks.addRuns(ID, ADDED_RUNS), RUNS + ADDED_RUNS);
    assert.equal(await benchmarks.skipRun(ID, RUNS + 1), RUNS + 1);
    finish();
    const paused = await waitFor('it rests', async () => {
      const { progress } = await benchmarks.progress(ID);
      return progress?.stage.kind === 'paused' ? progress : null;
    });
    assert.deepEqual(paused.finishedCounts, { warmup: 1, measured: RUNS });
    await benchmarks.resume(ID);
    const end = await benchmarks.result(ID);
    assert.equal(end.kind, 'completed');
    assert.deepEqual(end.outcome.finishedCounts, { warmup: 1, measured: RUNS + 1 });
    const expected = Array.from({ length: RUNS }, (_, position) => `measured ${position + 1}`);
    assert.deepEqual(runs.of(ID), ['warmup 1', ...expected, `measured ${RUNS + 2}`]);
    const report = JSON.parse(readFileSync(end.outcome.report.path, 'utf8')) as {
      runs: { key: { index: number } }[];
    };
    assert.equal(report.runs.length, RUNS + 1);
  });

  it('keeps each execution short, every payload small, and what it was started with', async () => {
    const executions: { events: number; largest: number }[] = [];
    const { client } = fixture.connection;
    for await (const { runId } of client.workflow.list({
      query: `WorkflowId = '${ID}'`,
    })) {
      const { events } = await client.workflow.getHandle(ID, runId).fetchHistory();
      const sizes = (events ?? []).map((event) => JSON.stringify(event).length);
      executions.push({ events: events?.length ?? 0, largest: Math.max(...sizes) });
    }
    assert.ok(executions.length >= 2, `${executions.length} executions`);
    for (const { events, largest } of executions) {
      assert.ok(events < MAX_EVENTS, `${events} events`);
      assert.ok(largest < MAX_PAYLOAD_BYTES, `an event of ${largest} bytes`);
    }
    const described = await benchmarks.describe(ID);
    assert.equal(described.state, 'completed');
    assert.equal(described.configHash, 'abc');
    assert.equal(described.summary, 'many runs');
    assert.equal(described.target, 'embedded');
  });
});
