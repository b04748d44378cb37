// Workflow code may change only in ways that benchmarks under way survive: the history of a fresh benchmark and the
// recorded ones of earlier versions are replayed with today's bundle.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { ensureEmbeddedServer } from '../../src/temporal/embedded-server.ts';
import { startCli, temporalCliPath, temporaryDirectory } from '../support/cli-process.ts';
import {
  fetchHistory,
  goldenHistory,
  goldenPath,
  replayErrors,
  type History,
} from '../support/replay-history.ts';

const BENCHMARK_ID = 'replayed';
/**
 * Histories of earlier versions. `benchmark-v2` has a deadline; `benchmark-v3` waits for its target, is paused, gets runs and
 * loses some by updates, and goes on in a new execution; `benchmark-v4` waits for its host and moves to another; `benchmark-v5`
 * waits for room on a full disk; `lease-v1` is the lease that `benchmark-v3` waited for. `suite-v2` has a deadline, is held
 * against its history and fails by it; `capacity-v2` has a deadline.
 */
const GOLDEN = [
  'benchmark-v1',
  'benchmark-v2',
  'benchmark-v3',
  'benchmark-v3-continued',
  'benchmark-v4',
  'benchmark-v4-continued',
  'benchmark-v5',
  'lease-v1',
  'suite-v1',
  'suite-v2',
  'capacity-v1',
  'capacity-v2',
];

before(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
});

test('A recorded history says nothing of the checkout in which it was recorded', async () => {
  for (const name of GOLDEN) {
    assert.doesNotMatch(
      await readFile(goldenPath(name), 'utf8'),
      /node_modules|file:\/\/|:\d+:\d+\)/,
    );
  }
});

test(
  'The history of a benchmark that just ended survives JSON and replays with the bundle that ran it',
  { timeout: 180_000 },
  async (t) => {
    const temporalCli = await temporalCliPath();
    const { directory: home, remove } = await temporaryDirectory();
    t.after(remove);
    // Held by the test, so that it outlives the command.
    const server = await ensureEmbeddedServer(home, {
      env: { ...process.env, LOOMBENCH_TEMPORAL_CLI: temporalCli },
    });
    t.after(() => server.close());
    const args = [
      ...['run', '--id', BENCHMARK_ID, '--runs', '2', '--warmup-runs', '1', '--cooldown', '100ms'],
      ...['--total-requests', '40', '--concurrency', '2', '--llm-base-latency', '5ms'],
    ];
    const cli = startCli(args, {
      cwd: home,
      env: { LOOMBENCH_HOME: home, LOOMBENCH_TEMPORAL_CLI: temporalCli },
    });
    const { exitCode, stderr } = await cli.ended;
    assert.ok(exitCode === 0 || exitCode === 3, stderr);

    const connection = await Connection.connect({ address: server.address });
    t.after(() => connection.close());
    const history = await fetchHistory(new Client({ connection }), {
      workflowId: BENCHMARK_ID,
      name: 'benchmark',
    });
    const text = historyToJSON(history);
    assert.equal(historyToJSON(historyFromJSON(JSON.parse(text))), text);
    assert.deepEqual(await replayErrors(BENCHMARK_ID, history), []);
  },
);

for (const name of GOLDEN) {
  test(`The recorded history ${name} still replays`, async () => {
    const history = await goldenHistory(name);
    assert.ok((history.events ?? []).length > 20);
    assert.deepEqual(await replayErrors(workflowIdOf(history), history), []);
  });
}

test('A history whose order of activities is another one does not replay, so that a pass means something', async () => {
  for (const [name, one, other] of [
    ['benchmark-v1', 'captureEnvironment', 'prepareOutput'],
    ['suite-v1', 'decideLevel', 'readLevelFigures'],
    ['capacity-v1', 'readCapacityTrial', 'readLevelFigures'],
  ] as const) {
    const text = await readFile(goldenPath(name), 'utf8');
    const changed = text.replaceAll(`"${one}"`, `"${other}"`);
    assert.notEqual(changed, text);
    const history = historyFromJSON(JSON.parse(changed));
    const [error] = await replayErrors(workflowIdOf(history), history);
    assert.equal(error?.name, 'DeterminismViolationError', name);
  }
});

/** Ids of child workflows are made of it. */
function workflowIdOf({ events }: History): string {
  return events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? BENCHMARK_ID;
}
