// Everything that our command line does with a benchmark, done with the plain Temporal CLI, as somebody does who has
// nothing of ours but a worker.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { runCommand } from '../../src/runtime/run-command.ts';
import { examineTemporal } from '../../src/cli/doctor/examine-temporal.ts';
import type { ScheduleClient } from '../../src/temporal/schedule-api.ts';
import { createScheduleClient } from '../../src/temporal/schedule-client.ts';
import { searchAttributeCensus } from '../../src/temporal/search-attribute-registry.ts';
import { temporalCliPath } from '../support/cli-process.ts';
import { ScriptedRuns, startFakeWorker, untilStopped } from '../support/fake-worker.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
const SMALL = '{"runs": 2, "warmupRuns": 0, "totalRequests": 10}';
/** What every word about that schedule has in common; an update has to say it all again. */
const NIGHTLY = [
  ...['--schedule-id', 'nightly', '--interval', '24h'],
  ...['--overlap-policy', 'BufferOne', '--catchup-window', '10m', '--pause-on-failure'],
  ...['--workflow-id', 'nightly', '--type', 'benchmark', '--task-queue', 'loombench'],
];
const queryAnswer = z.object({ queryResult: z.array(z.unknown()) });

describe('a benchmark by the plain Temporal CLI', onLinux, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let cli = '';
  let schedules: ScheduleClient;

  before(async () => {
    fixture = await startWorkflowFixture(runs);
    cli = await temporalCliPath();
    schedules = createScheduleClient(fixture.connection.client);
  });
  after(() => fixture.stop());

  async function temporal(...args: string[]): Promise<{ exitCode: number; text: string }> {
    const place = ['--address', fixture.connection.address];
    const result = await runCommand(cli, [...args, ...place], { timeoutMs: 60_000 });
    assert(result.kind === 'exited', JSON.stringify(result));
    return { exitCode: result.exitCode, text: `${result.stdout}${result.stderr}` };
  }

  async function done(...args: string[]): Promise<string> {
    const { exitCode, text } = await temporal(...args);
    assert.equal(exitCode, 0, text);
    return text;
  }

  const startAs = (type: string, id: string, ...input: string[]): Promise<string> =>
    done(
      ...['workflow', 'start', '--type', type, '--task-queue', 'loombench'],
      ...['--workflow-id', id, ...input],
    );
  const start = (id: string, ...input: string[]): Promise<string> =>
    startAs('benchmark', id, ...input);
  const update = (id: string, name: string, ...input: string[]): Promise<string> =>
    done('workflow', 'update', 'execute', '--workflow-id', id, '--name', name, ...input);
  const result = (id: string): Promise<string> => done('workflow', 'result', '--workflow-id', id);

  const ask = async <T>(id: string, query: string, answer: z.ZodType<T>): Promise<T> => {
    const text = await done(
      ...['workflow', 'query', '--workflow-id', id, '--type', query, '--output', 'json'],
    );
    return answer.parse(queryAnswer.parse(JSON.parse(text)).queryResult[0]);
  };

  it('is started, watched, paused, given more runs, resumed, and asked for its result', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    runs.script('steered measured 1', async () => {
      await released;
      return aMeasurement();
    });
    await start('steered', '--input', SMALL);
    await waitFor('its first run has begun', () => runs.of('steered').length === 1);
    await done('workflow', 'signal', '--workflow-id', 'steered', '--name', 'pause');
    release();
    const stage = z.object({ stage: z.object({ kind: z.string() }), runs: z.number() });
    await waitFor('it rests', async () => {
      const progress = await ask('steered', 'progress', stage);
      return progress.stage.kind === 'paused';
    });
    // The CLI shows a null as how it is encoded.
    const encoded = z.object({ metadata: z.object({ encoding: z.string() }) });
    const { metadata } = await ask('steered', 'report', encoded);
    assert.equal(Buffer.from(metadata.encoding, 'base64').toString(), 'binary/null');
    await update('steered', 'addRuns', '--input', '1');
    assert.equal((await ask('steered', 'progress', stage)).runs, 3);
    await done('workflow', 'signal', '--workflow-id', 'steered', '--name', 'resume');
    assert.match(await result('steered'), /"verdict":\s*"VALID"/);
    assert.deepEqual(runs.of('steered'), ['measured 1', 'measured 2', 'measured 3']);
    const outcome = z.object({ verdict: z.string(), report: z.object({ path: z.string() }) });
    const { verdict, report } = await ask('steered', 'report', outcome);
    assert.equal(verdict, 'VALID');
    assert.match(report.path, /report\.json$/);
  });

  it('takes a scenario by its name alone, and refuses one that there is not with the nearest name', async () => {
    await start('by-name', '--input', '"quick"');
    await result('by-name');
    // As the scenario says: one run to warm up and five that count.
    assert.equal(runs.of('by-name').length, 6);
    await start('no-name', '--input', '"qick"');
    const { exitCode, text } = await temporal('workflow', 'result', '--workflow-id', 'no-name');
    assert.notEqual(exitCode, 0);
    assert.match(text, /did you mean quick/);
  });

  it('leaves out the run under way and a later one, and lasts longer, when it is told so', async () => {
    runs.script('left-out measured 1', untilStopped);
    await start('left-out', '--input', '{"runs": 3, "warmupRuns": 0, "totalRequests": 10}');
    await waitFor('its first run has begun', () => runs.of('left-out').length === 1);
    assert.match(await update('left-out', 'skipRun', '--input', '3'), /3/);
    const until = /\d{4}-\d\d-\d\dT[\d:.]+Z/;
    const moved = await update('left-out', 'extendTimeout', '--input', '3600000');
    const once = Date.parse(until.exec(moved)?.[0] ?? '');
    const again = await update('left-out', 'extendTimeout', '--input', '3600000');
    assert.equal(Date.parse(until.exec(again)?.[0] ?? '') - once, 3_600_000);
    await update('left-out', 'skipRun');
    await result('left-out');
    assert.deepEqual(runs.of('left-out'), ['measured 1', 'measured 2']);
  });

  it('is cancelled, keeps what it has measured, and goes on from there when it is put back', async () => {
    runs.script('cut measured 2', untilStopped);
    await start('cut', '--input', SMALL);
    await waitFor('its second run has begun', () => runs.of('cut').length === 2);
    await done('workflow', 'cancel', '--workflow-id', 'cut');
    await waitFor('it is listed as cancelled', async () =>
      (
        await done(
          'workflow',
          'list',
          '--query',
          "ExecutionStatus = 'Canceled'",
          '--output',
          'json',
        )
      ).includes('cut'),
    );
    runs.script('cut measured 2', () => Promise.resolve(aMeasurement()));
    await done(
      ...['workflow', 'reset', '--workflow-id', 'cut', '--type', 'FirstWorkflowTask'],
      ...['--reapply-exclude', 'All', '--reason', 'once more'],
    );
    await done('workflow', 'signal', '--workflow-id', 'cut', '--name', 'retried');
    assert.match(await result('cut'), /"verdict":\s*"VALID"/);
    // The first run was found on disk.
    assert.deepEqual(runs.of('cut'), ['measured 1', 'measured 2', 'measured 2']);
  });

  it('is a suite, or a search for a capacity, by their types, with what came of them as the result', async () => {
    const levels = [{ name: 'w1', value: 1, settings: { concurrency: 1 } }];
    const settings = { totalRequests: 10, perRunWarmup: '0s' };
    const own = { id: 'own', factor: 'workers', settings, levels };
    const suite = { ownScenarios: [own], runs: 1, warmupRuns: 0, order: 'ascending' };
    const search = { slo: 'latency_mean<80ms', startRate: 10, maxRate: 10, trialDuration: '1s' };
    await startAs('benchmarkSuite', 'several', '--input', JSON.stringify(suite));
    await startAs('capacity', 'search', '--input', JSON.stringify(search));
    assert.match(await result('several'), /"measured":\s*1/);
    assert.match(await result('search'), /"confirmed":\s*true/);
    const answer = z.object({
      verdict: z.string(),
      capacity: z.object({ confirmed: z.boolean() }),
    });
    assert.deepEqual(await ask('search', 'report', answer), {
      ...{ verdict: 'VALID', capacity: { confirmed: true } },
    });
  });

  it('is a suite that rests and goes on by signals, says where it is and what came of it, and is found by its verdict', async () => {
    const levels = [1, 2].map((value) => ({
      name: `w${value}`,
      value,
      settings: { concurrency: value },
    }));
    const own = { id: 'own', factor: 'workers', settings: { totalRequests: 10 }, levels };
    const first = 'resting--own--w1';
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    runs.script(`${first} measured 1`, async () => {
      await released;
      return aMeasurement();
    });
    const suite = { ownScenarios: [own], runs: 2, warmupRuns: 0, order: 'ascending' };
    await startAs('benchmarkSuite', 'resting', '--input', JSON.stringify(suite));
    await waitFor('its first run has begun', () => runs.of(first).length === 1);
    await done('workflow', 'signal', '--workflow-id', 'resting', '--name', 'pause');
    const stage = z.object({ stage: z.object({ kind: z.string() }), levels: z.number() });
    await waitFor('its level was told', async () =>
      (await done('workflow', 'show', '--workflow-id', first)).includes(
        'WorkflowExecutionSignaled',
      ),
    );
    release();
    await waitFor('its level rests', async () => {
      const progress = await ask(
        first,
        'progress',
        z.object({ stage: z.object({ kind: z.string() }) }),
      );
      return progress.stage.kind === 'paused';
    });
    assert.deepEqual(await ask('resting', 'progress', stage), {
      ...{ stage: { kind: 'measuring' }, levels: 2 },
    });
    await done('workflow', 'signal', '--workflow-id', 'resting', '--name', 'resume');
    assert.match(await result('resting'), /"verdict":\s*"VALID"/);
    const outcome = z.object({ verdict: z.string(), files: z.object({ html: z.string() }) });
    const { verdict, files } = await ask('resting', 'report', outcome);
    assert.equal(verdict, 'VALID');
    assert.match(files.html, /index\.html$/);
    const ofVerdict = "WorkflowType = 'benchmarkSuite' AND BenchmarkVerdict = 'VALID'";
    await waitFor('it is listed', async () =>
      (await done('workflow', 'list', '--query', ofVerdict)).includes('resting'),
    );
    const metadata = await done(
      'workflow',
      'metadata',
      '--workflow-id',
      'resting',
      '--output',
      'json',
    );
    for (const word of [
      'go on after a pause',
      'rest before the next run',
      'the result with its verdict',
    ]) {
      assert.ok(metadata.includes(word), word);
    }
  });

  it('is put on a schedule, fired, and described by ours with its input and what came of it', async () => {
    await done('schedule', 'create', ...NIGHTLY, '--input', SMALL);
    await done('schedule', 'trigger', '--schedule-id', 'nightly');
    const described = await waitFor('its benchmark is over', async () => {
      const now = await schedules.describe('nightly');
      return now.taken[0]?.benchmark?.state === 'completed' ? now : null;
    });
    assert.deepEqual(described.input, JSON.parse(SMALL));
    assert.equal(described.overlap, 'buffer-one');
    assert.equal(described.pauseOnFailure, true);
    assert.match(described.taken[0]?.benchmarkId ?? '', /^nightly-/);
  });

  it('has its schedule paused, resumed, changed, made up for a past time, and deleted', async () => {
    const of = ['--schedule-id', 'nightly'];
    await done('schedule', 'toggle', ...of, '--pause', '--reason', 'holidays');
    const { paused, note } = await schedules.describe('nightly');
    assert.deepEqual({ paused, note }, { paused: true, note: 'holidays' });
    await done('schedule', 'toggle', ...of, '--unpause', '--reason', 'back');
    assert.equal((await schedules.describe('nightly')).paused, false);
    await done('schedule', 'update', ...NIGHTLY, '--input', '"quick"');
    const { input, overlap } = await schedules.describe('nightly');
    assert.deepEqual({ input, overlap }, { input: 'quick', overlap: 'buffer-one' });
    await done(
      ...['schedule', 'backfill', ...of, '--overlap-policy', 'BufferAll'],
      ...['--start-time', '2026-03-01T12:00:00Z', '--end-time', '2026-03-02T12:00:00Z'],
    );
    await waitFor('the firing of that day was taken', async () => {
      const { taken } = await schedules.describe('nightly');
      return taken.some(({ benchmarkId }) => benchmarkId === 'nightly-2026-03-02T00:00:00Z');
    });
    assert.match(await done('schedule', 'list'), /nightly/);
    await done('schedule', 'delete', ...of);
    await waitFor('it is no longer listed', async () => (await schedules.list()).length === 0);
  });

  it('completes where the search attributes are not registered, and sets none', async () => {
    await done('operator', 'namespace', 'create', '--namespace', 'bare');
    const place = { client: fixture.connection.client, namespace: 'bare' };
    const store = new ArtifactStore(join(fixture.directory, 'bare'));
    const { address } = fixture.connection;
    await waitFor('the namespace is there', async () => {
      const { exitCode } = await temporal(
        'operator',
        'namespace',
        'describe',
        '--namespace',
        'bare',
      );
      return exitCode === 0;
    });
    const worker = await startFakeWorker({
      ...{ address, namespace: 'bare', store, runs },
      overrides: {
        registeredSearchAttributes: async () => (await searchAttributeCensus(place)).known,
      },
    });
    const of = ['--namespace', 'bare', '--workflow-id', 'alone'];
    try {
      await done(
        ...['workflow', 'start', ...of, '--type', 'benchmark', '--task-queue', 'loombench'],
        ...['--input', SMALL],
      );
      assert.match(await done('workflow', 'result', ...of), /"verdict":\s*"VALID"/);
      const history = await done('workflow', 'show', ...of, '--output', 'json');
      const upserted = [...history.matchAll(/"indexedFields": \{\s*"(\w+)"/g)].map(
        ([, name]) => name,
      );
      assert.deepEqual(
        upserted.filter((name) => name !== 'TemporalChangeVersion'),
        [],
      );
    } finally {
      await worker.stop();
    }
  });

  it('is found by its search attributes once the doctor has registered them, and only what has our type is set', async () => {
    const operator = (...args: string[]): Promise<string> => done('operator', ...args);
    const env = { TEMPORAL_ADDRESS: fixture.connection.address, TEMPORAL_NAMESPACE: 'bare' };
    const examined = async (fix: boolean): Promise<string> => {
      const findings = await examineTemporal(env, { stateDirectory: fixture.directory, fix });
      const found = findings.find(({ name }) => name === 'search-attrs');
      return `${found?.status} ${found?.message}`;
    };
    await waitFor('the namespace is known', async () =>
      /^warn BenchmarkScenario, .* are not registered/.test(await examined(false)),
    );
    assert.match(await examined(true), /^ok BenchmarkScenario, .* are registered now$/);
    await waitFor('they are known', async () =>
      /^ok all 6 are registered$/.test(await examined(false)),
    );
    const verdict = ['--namespace', 'bare', '--name', 'BenchmarkVerdict'];
    await operator('search-attribute', 'remove', ...verdict, '--yes');
    await operator('search-attribute', 'create', ...verdict, '--type', 'Int');
    await waitFor('it has another type', async () =>
      (await examined(true)).startsWith('warn BenchmarkVerdict is registered with another type'),
    );
    const bare = { client: fixture.connection.client, namespace: 'bare' };
    const { known } = await searchAttributeCensus(bare);
    assert.deepEqual([known.length, known.includes('BenchmarkVerdict')], [5, false]);
  });
});
