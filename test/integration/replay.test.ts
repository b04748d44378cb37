// Workflow code may change only in ways that benchmarks under way survive: the history of a fresh benchmark and the
// recorded one of an earlier version are both replayed with today's bundle.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { ensureEmbeddedServer } from '../../src/temporal/embedded-server.ts';
import { startCli, temporalCliPath, temporaryDirectory } from '../support/cli-process.ts';

type History = ReturnType<typeof historyFromJSON>;

const BENCHMARK_ID = 'replayed';
const BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.cjs', import.meta.url));
const golden = (version: number): string =>
  fileURLToPath(new URL(`../fixtures/histories/benchmark-v${version}.json`, import.meta.url));
const GOLDEN = golden(1);
/** 2: with a deadline. */
const VERSIONS = [1, 2];
/** Set to record the golden history anew: only for a new version of it, beside the old ones. */
const RECORD = process.env['LOOMBENCH_RECORD_HISTORY'];

before(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
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

    const history = await fetchHistory(server.address);
    const text = historyToJSON(history);
    assert.equal(historyToJSON(historyFromJSON(JSON.parse(text))), text);
    if (RECORD !== undefined) await writeFile(RECORD, `${text}\n`);
    await replays(history);
  },
);

for (const version of VERSIONS) {
  test(`The recorded history of a benchmark of version ${version} still replays`, async () => {
    const history = historyFromJSON(JSON.parse(await readFile(golden(version), 'utf8')));
    assert.ok((history.events ?? []).length > 20);
    await replays(history);
  });
}

test('A history whose order of activities is another one does not replay, so that a pass means something', async () => {
  const text = await readFile(GOLDEN, 'utf8');
  const other = text.replaceAll('"captureEnvironment"', '"prepareOutput"');
  assert.notEqual(other, text);
  const [error] = await replayErrors(historyFromJSON(JSON.parse(other)));
  assert.equal(error?.name, 'DeterminismViolationError');
});

async function fetchHistory(address: string): Promise<History> {
  const connection = await Connection.connect({ address });
  try {
    return await new Client({ connection }).workflow.getHandle(BENCHMARK_ID).fetchHistory();
  } finally {
    await connection.close();
  }
}

async function replays(history: History): Promise<void> {
  assert.deepEqual(await replayErrors(history), []);
}

async function replayErrors(history: History): Promise<Error[]> {
  const errors: Error[] = [];
  const results = Worker.runReplayHistories({ workflowBundle: { codePath: BUNDLE } }, [
    { workflowId: BENCHMARK_ID, history },
  ]);
  let replayed = 0;
  for await (const { error } of results) {
    replayed += 1;
    if (error !== undefined) errors.push(error);
  }
  assert.equal(replayed, 1);
  return errors;
}
