// Everything that our command line does with a benchmark, done with the plain Temporal CLI, as somebody does who has
// nothing of ours but a worker.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { runCommand } from '../../src/runtime/run-command.ts';
import { createScheduleClient } from '../../src/temporal/schedule-client.ts';
import { temporalCliPath } from '../support/cli-process.ts';
import { ScriptedRuns } from '../support/fake-worker.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
const SMALL = '{"runs": 2, "warmupRuns": 0, "totalRequests": 10}';
const queryAnswer = z.object({ queryResult: z.array(z.unknown()) });

describe('a benchmark by the plain Temporal CLI', onLinux, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let cli = '';

  before(async () => {
    fixture = await startWorkflowFixture(runs);
    cli = await temporalCliPath();
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

  const start = (id: string, ...input: string[]): Promise<string> =>
    done(
      ...['workflow', 'start', '--type', 'benchmark', '--task-queue', 'loombench'],
      ...['--workflow-id', id, ...input],
    );

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
    await done(
      ...['workflow', 'update', 'execute', '--workflow-id', 'steered'],
      ...['--name', 'addRuns', '--input', '1'],
    );
    assert.equal((await ask('steered', 'progress', stage)).runs, 3);
    await done('workflow', 'signal', '--workflow-id', 'steered', '--name', 'resume');
    const result = await done('workflow', 'result', '--workflow-id', 'steered');
    assert.match(result, /"verdict":\s*"VALID"/);
    assert.deepEqual(runs.of('steered'), ['measured 1', 'measured 2', 'measured 3']);
    const outcome = z.object({ verdict: z.string(), report: z.object({ path: z.string() }) });
    const { verdict, report } = await ask('steered', 'report', outcome);
    assert.equal(verdict, 'VALID');
    assert.match(report.path, /report\.json$/);
  });

  it('takes a scenario by its name alone, and refuses one that there is not with the nearest name', async () => {
    await start('by-name', '--input', '"quick"');
    await done('workflow', 'result', '--workflow-id', 'by-name');
    // As the scenario says: one run to warm up and five that count.
    assert.equal(runs.of('by-name').length, 6);
    await start('no-name', '--input', '"qick"');
    const { exitCode, text } = await temporal('workflow', 'result', '--workflow-id', 'no-name');
    assert.notEqual(exitCode, 0);
    assert.match(text, /did you mean quick/);
  });

  it('is put on a schedule, fired, and described by ours with its input and what came of it', async () => {
    await done(
      ...['schedule', 'create', '--schedule-id', 'nightly', '--interval', '24h'],
      ...['--overlap-policy', 'BufferOne', '--catchup-window', '10m', '--pause-on-failure'],
      ...['--workflow-id', 'nightly', '--type', 'benchmark', '--task-queue', 'loombench'],
      ...['--input', SMALL],
    );
    await done('schedule', 'trigger', '--schedule-id', 'nightly');
    const schedules = createScheduleClient(fixture.connection.client);
    const described = await waitFor('its benchmark is over', async () => {
      const now = await schedules.describe('nightly');
      return now.taken[0]?.benchmark?.state === 'completed' ? now : null;
    });
    assert.deepEqual(described.input, JSON.parse(SMALL));
    assert.equal(described.overlap, 'buffer-one');
    assert.equal(described.pauseOnFailure, true);
    assert.match(described.taken[0]?.benchmarkId ?? '', /^nightly-/);
  });
});
