import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BENCHMARK_WORKFLOW_TYPE, MAIN_TASK_QUEUE } from '../../src/contract/ids.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import type { TemporalConnection } from '../../src/temporal/connection.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';
import { ScriptedRuns, untilStopped } from '../support/fake-worker.ts';
import { waitFor } from '../support/wait-for.ts';

const SMALL = { runs: 3, warmupRuns: 1, totalRequests: 10, perRunWarmup: '0s' };
const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };

describe('the benchmark workflow on a real server', onLinux, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let connection: TemporalConnection;
  let benchmarks: BenchmarkClient;

  before(async () => {
    fixture = await startWorkflowFixture(runs);
    connection = fixture.connection;
    benchmarks = createBenchmarkClient(connection.client);
  });
  after(() => fixture.stop());

  it('measures every run once, in order, and ends with a report where the user wants it', async () => {
    const outputPath = join(fixture.directory, 'out', 'report.json');
    const started = await benchmarks.start({
      benchmarkId: 'plain',
      raw: { ...SMALL, outputPath, scenarioName: 'smoke' },
      summary: 'smoke · 3 runs',
      configHash: 'abc',
    });
    assert.equal(started.kind, 'started');
    const end = await benchmarks.result('plain');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(runs.of('plain'), ['warmup 1', 'measured 1', 'measured 2', 'measured 3']);
    assert.equal(end.outcome.status, 'completed');
    assert.equal(end.outcome.outputPath, outputPath);
    assert.equal(end.outcome.aggregate.throughput_rps.median, 10);
    assert.equal(readFileSync(outputPath, 'utf8'), readFileSync(end.outcome.report.path, 'utf8'));

    const described = await benchmarks.describe('plain');
    assert.equal(described.state, 'completed');
    assert.equal(described.summary, 'smoke · 3 runs');
    assert.equal(described.configHash, 'abc');
    const listed = await waitFor('it is listed with its attributes', async () =>
      (await benchmarks.list()).find(
        (item) => item.benchmarkId === 'plain' && item.verdict !== null,
      ),
    );
    assert.equal(listed.scenario, 'smoke');
    assert.equal(listed.target, 'embedded');
    assert.equal(listed.verdict, end.outcome.verdict);
  });

  it('keeps its history small: no run adds more than a few kilobytes', async () => {
    const { raw } = await connection.client.workflow.getHandle('plain').describe();
    const bytes = Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
    assert.ok(bytes > 0 && bytes < 60_000, `${bytes} bytes for 4 runs`);
  });

  it('attaches to a benchmark that runs or has completed instead of measuring again', async () => {
    runs.script('twice measured 1', untilStopped);
    const raw = { ...SMALL, warmupRuns: 0 };
    const first = await benchmarks.start({ benchmarkId: 'twice', raw, configHash: 'a' });
    const second = await benchmarks.start({ benchmarkId: 'twice', raw, configHash: 'a' });
    const other = await benchmarks.start({ benchmarkId: 'twice', raw, configHash: 'b' });
    assert.deepEqual(second, { ...first, kind: 'attached' });
    assert.equal(other.sameConfig, false);
    await waitFor('it measures', () => runs.of('twice').length === 1);
    await benchmarks.cancel('twice');
    assert.equal((await benchmarks.result('twice')).kind, 'cancelled');

    const completed = await benchmarks.start({ benchmarkId: 'plain', raw: SMALL });
    assert.equal(completed.kind, 'attached');
    assert.equal((await benchmarks.result('plain')).kind, 'completed');
    assert.equal(runs.of('plain').length, 4);
  });

  it('may be started again under its id after it was cancelled, and then measures anew', async () => {
    runs.script('twice measured 1', () => Promise.resolve(aMeasurement()));
    const again = await benchmarks.start({
      benchmarkId: 'twice',
      raw: { ...SMALL, warmupRuns: 0, runs: 1 },
    });
    assert.equal(again.kind, 'started');
    assert.equal((await benchmarks.result('twice')).kind, 'completed');
  });

  it('fails with every problem named, and never hangs, whatever the Web UI sends as input', async () => {
    const inputs: [string, unknown[], RegExp | null][] = [
      ['none', [], null],
      ['null', [null], null],
      ['empty', [{}], null],
      ['list', [[1, 2]], /list|array|object/i],
      ['number', [7], /number|object|mapping/i],
      ['text', ['no such scenario'], /no such scenario/],
      ['typo', [{ rns: 3 }], /rns.*runs/],
      ['typos', [{ concurency: 5, durration: 'x' }], /concurency.*durration|durration.*concurency/],
      ['values', [{ runs: 0, llmErrorRate: 2, duration: '-1s' }], /runs.*|llmErrorRate/],
    ];
    for (const [name, args, problem] of inputs) {
      const workflowId = `input-${name}`;
      runs.script(`${workflowId} warmup 1`, untilStopped);
      await connection.client.workflow.start(BENCHMARK_WORKFLOW_TYPE, {
        workflowId,
        taskQueue: MAIN_TASK_QUEUE,
        args,
      });
      if (problem === null) {
        await waitFor('the default benchmark runs', () => runs.of(workflowId).length === 1);
        await benchmarks.cancel(workflowId);
        await benchmarks.result(workflowId);
        continue;
      }
      const end = await benchmarks.result(workflowId);
      assert.equal(end.kind, 'failed', name);
      assert.equal(end.code, 'InvalidInput', name);
      assert.match(end.message, problem, name);
    }
  });

  it('shows the run under way with its live figures, and runs that are finished', async () => {
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => (finish = resolve));
    runs.script('live measured 2', async (hooks) => {
      hooks.onProgress({
        phase: 'measured',
        index: 2,
        stage: 'loading',
        elapsedMs: 500,
        completed: 123,
        errors: 1,
        inFlight: 4,
        recentRps: 50,
        latencyP50Us: 1000,
        latencyP99Us: 2000,
        fraction: 0.5,
      });
      await over;
      return aMeasurement();
    });
    await benchmarks.start({ benchmarkId: 'live', raw: SMALL });
    const seen = await waitFor('its live figures', async () => {
      const progress = await benchmarks.progress('live');
      return progress.live?.completed === 123 && progress;
    });
    assert.deepEqual(seen.progress?.stage, { kind: 'running', phase: 'measured', index: 2, of: 3 });
    assert.deepEqual(
      seen.progress.finished.map(({ key }) => `${key.phase} ${key.index}`),
      ['warmup 1', 'measured 1'],
    );
    assert.equal(seen.pending?.activityType, 'measureRun');
    assert.equal(seen.pending.running, true);
    finish();
    assert.equal((await benchmarks.result('live')).kind, 'completed');
    const ended = await benchmarks.progress('live');
    assert.equal(ended.state, 'completed');
    assert.equal(ended.live, null);
  });

  it('stops the run and leaves a partial report of the finished ones when it is cancelled', async () => {
    runs.script('cut measured 2', untilStopped);
    await benchmarks.start({ benchmarkId: 'cut', raw: SMALL });
    await waitFor('run 2', () => runs.of('cut').includes('measured 2'));
    await benchmarks.cancel('cut');
    const end = await benchmarks.result('cut');
    assert.equal(end.kind, 'cancelled');
    assert.equal(end.outcome?.status, 'cancelled');
    assert.deepEqual(
      end.outcome.runs.map(({ key }) => `${key.phase} ${key.index}`),
      ['warmup 1', 'measured 1'],
    );
    assert.ok(existsSync(end.outcome.report.path));
    assert.equal((await benchmarks.describe('cut')).state, 'cancelled');
  });

  it('keeps the other runs when one cannot be measured, and says which and why', async () => {
    runs.script('lossy measured 2', () =>
      Promise.reject(new BenchmarkError('target-died', 'The target was killed by SIGKILL.')),
    );
    await benchmarks.start({ benchmarkId: 'lossy', raw: SMALL });
    const end = await benchmarks.result('lossy');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(
      end.outcome.runs.map(({ key }) => `${key.phase} ${key.index}`),
      ['warmup 1', 'measured 1', 'measured 3'],
    );
    const [failed] = end.outcome.failedRuns;
    assert.equal(failed?.code, 'target-died');
    assert.equal(failed.attempts, 3);
    assert.match(failed.message, /SIGKILL/);
    assert.equal(runs.of('lossy').filter((name) => name === 'measured 2').length, 3);
  });

  it('recovers a run that fails once, with the attempt and its reason in the account', async () => {
    let failures = 0;
    runs.script('flaky measured 1', () => {
      failures += 1;
      return failures === 1
        ? Promise.reject(new BenchmarkError('generator-died', 'The generator was killed.'))
        : Promise.resolve(aMeasurement());
    });
    await benchmarks.start({ benchmarkId: 'flaky', raw: SMALL });
    const end = await benchmarks.result('flaky');
    assert.equal(end.kind, 'completed');
    const run = end.outcome.runs.find(({ key }) => key.phase === 'measured' && key.index === 1);
    assert.equal(run?.attempt.attempt, 2);
    assert.match(run.attempt.reason ?? '', /generator-died/);
    assert.ok(run.attempt.lostMs >= 1_000, 'at least the pause before the retry');
  });

  it('fails at once, with its sentence, when the target was never reached', async () => {
    runs.script('nobody warmup 1', () =>
      Promise.reject(new BenchmarkError('target-unreachable', 'Nobody answers at 127.0.0.1:1.')),
    );
    await benchmarks.start({ benchmarkId: 'nobody', raw: { ...SMALL, serverAddr: '127.0.0.1:1' } });
    const end = await benchmarks.result('nobody');
    assert.equal(end.kind, 'failed');
    assert.equal(end.code, 'target-unreachable');
    assert.equal(end.message, 'Nobody answers at 127.0.0.1:1.');
    assert.deepEqual(runs.of('nobody'), ['warmup 1']);
  });

  it('fails with a report of what there is when no measured run succeeds', async () => {
    for (const index of [1, 2]) {
      runs.script(`barren measured ${index}`, () =>
        Promise.reject(
          new BenchmarkError('target-refused-plan', 'Only 1 agent, 4 were asked for.'),
        ),
      );
    }
    await benchmarks.start({ benchmarkId: 'barren', raw: { ...SMALL, runs: 2 } });
    const end = await benchmarks.result('barren');
    assert.equal(end.kind, 'failed');
    assert.equal(end.code, 'target-refused-plan');
    assert.match(end.message, /None of the 2 measured runs.*Only 1 agent/);
    assert.equal(end.outcome?.failedRuns.length, 2);
    assert.ok(existsSync(end.outcome.report.path));
  });

  it('finds an output that cannot be written before the first run', async () => {
    const outputPath = join(fixture.directory, 'temporal.db', 'report.json');
    await benchmarks.start({ benchmarkId: 'nowhere', raw: { ...SMALL, outputPath } });
    const end = await benchmarks.result('nowhere');
    assert.equal(end.kind, 'failed');
    assert.equal(end.code, 'output-unwritable');
    assert.deepEqual(runs.of('nowhere'), []);
  });

  it('pauses between runs, not within one, and goes on when it is resumed', async () => {
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => (finish = resolve));
    runs.script('paused measured 1', async () => {
      await over;
      return aMeasurement();
    });
    await benchmarks.start({ benchmarkId: 'paused', raw: { ...SMALL, runs: 2 } });
    await waitFor('run 1', () => runs.of('paused').includes('measured 1'));
    await benchmarks.pause('paused');
    finish();
    await waitFor('it says so', async () => {
      const { progress } = await benchmarks.progress('paused');
      return progress?.stage.kind === 'paused';
    });
    assert.deepEqual(runs.of('paused'), ['warmup 1', 'measured 1']);
    await benchmarks.resume('paused');
    assert.equal((await benchmarks.result('paused')).kind, 'completed');
    assert.deepEqual(runs.of('paused'), ['warmup 1', 'measured 1', 'measured 2']);
  });

  it('measures runs that are added while it goes on, and refuses what it cannot do with a reason', async () => {
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => (finish = resolve));
    runs.script('grown measured 2', async () => {
      await over;
      return aMeasurement();
    });
    await benchmarks.start({ benchmarkId: 'grown', raw: { ...SMALL, warmupRuns: 0, runs: 2 } });
    await waitFor('run 2', () => runs.of('grown').includes('measured 2'));
    const refused = { code: 'steering-refused' };
    await assert.rejects(benchmarks.addRuns('grown', 1_000), { ...refused, message: /998 can be/ });
    await assert.rejects(benchmarks.addRuns('grown', 0.5), refused);
    assert.equal(await benchmarks.addRuns('grown', 2), 4);
    await assert.rejects(benchmarks.skipRun('grown', 1), { ...refused, message: /Run 1 is over/ });
    await assert.rejects(benchmarks.skipRun('grown', 5), { ...refused, message: /from 1 to 4/ });
    assert.equal(await benchmarks.skipRun('grown', 3), 3);
    const [before, after] = [
      await benchmarks.extendTimeout('grown', 1),
      await benchmarks.extendTimeout('grown', 3_600_000),
    ];
    assert.equal(Date.parse(after) - Date.parse(before), 3_600_000);
    finish();
    const end = await benchmarks.result('grown');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(runs.of('grown'), ['measured 1', 'measured 2', 'measured 4']);
    assert.deepEqual(
      end.outcome.failedRuns.map(({ key, code }) => [key.index, code]),
      [[3, 'run-skipped']],
    );
    const report = JSON.parse(readFileSync(end.outcome.report.path, 'utf8')) as {
      config: { runs: number };
      runs: unknown[];
    };
    assert.equal(report.config.runs, 4);
    assert.equal(report.runs.length, 3);
    await assert.rejects(benchmarks.addRuns('grown', 1));
  });

  it('adds as many runs as the pilot shows that the wanted precision takes, decided once and kept in history', async () => {
    // Variance (4 · 1.1² + 2 · .5²) / 5 = 1.068 about 100; t(.975, 5)² = 6.608; 6.608 · 1.068 / (.01 · 100)² = 7.06, so 8.
    [98.9, 101.1, 98.9, 101.1, 99.5, 100.5].forEach((throughputRps, index) => {
      runs.script(`precise measured ${index + 1}`, () =>
        Promise.resolve({ ...aMeasurement(), throughputRps }),
      );
    });
    const raw = { ...SMALL, runs: 6, warmupRuns: 0, targetPrecision: '1%' };
    await benchmarks.start({
      benchmarkId: 'precise',
      raw: { ...raw, precisionMetric: 'throughput_rps' },
    });
    const end = await benchmarks.result('precise');
    assert.equal(end.kind, 'completed');
    assert.equal(runs.of('precise').length, 8);
    const { events } = await connection.client.workflow.getHandle('precise').fetchHistory();
    const decisions = (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'decideRuns',
    );
    // After the pilot, and after the runs that it added: the same pilot asks for no more.
    assert.equal(decisions.length, 2);
  });

  it('stops the run under way when it is to be skipped, and goes on with the next one', async () => {
    runs.script('stuck measured 2', untilStopped);
    await benchmarks.start({ benchmarkId: 'stuck', raw: { ...SMALL, warmupRuns: 0 } });
    await waitFor('run 2', () => runs.of('stuck').includes('measured 2'));
    assert.equal(await benchmarks.skipRun('stuck', null), 2);
    const end = await benchmarks.result('stuck');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(runs.of('stuck'), ['measured 1', 'measured 2', 'measured 3']);
    assert.deepEqual(
      end.outcome.failedRuns.map(({ key, code }) => [key.index, code]),
      [[2, 'run-skipped']],
    );
  });

  it('is retried after it failed, measures only what failed, and keeps what had finished', async () => {
    const nobody = (): Promise<never> =>
      Promise.reject(new BenchmarkError('target-refused-plan', 'Only 1 agent, 4 were asked for.'));
    for (const index of [1, 2]) runs.script(`again measured ${index}`, nobody);
    const raw = { ...SMALL, runs: 2 };
    await benchmarks.start({ benchmarkId: 'again', raw });
    assert.equal((await benchmarks.result('again')).kind, 'failed');
    const begun = runs.of('again').length;
    for (const index of [1, 2]) {
      runs.script(`again measured ${index}`, () => Promise.resolve(aMeasurement()));
    }
    await benchmarks.retry('again');
    const end = await benchmarks.result('again');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(runs.of('again').slice(begun), ['measured 1', 'measured 2']);
    assert.deepEqual(
      end.outcome.runs.map(({ key, attempt }) => [key.phase, attempt.attempt]),
      [
        ['warmup', 1],
        ['measured', 2],
        ['measured', 2],
      ],
    );
    await assert.rejects(benchmarks.retry('again'), { code: 'steering-refused' });
  });

  it('is retried after it was cancelled, without measuring a finished run again', async () => {
    const begun = runs.of('cut').length;
    runs.script('cut measured 2', () => Promise.resolve(aMeasurement()));
    await benchmarks.retry('cut');
    const end = await benchmarks.result('cut');
    assert.equal(end.kind, 'completed');
    assert.deepEqual(runs.of('cut').slice(begun), ['measured 2', 'measured 3']);
    assert.equal(end.outcome.runs.length, 4);
  });

  it('fails a run once, with a sentence, when its result is too big for Temporal', async () => {
    runs.script(
      'huge measured 1',
      () => Promise.resolve({ ...aMeasurement(), verdict: 'x'.repeat(3 * 1024 * 1024) as 'VALID' }), // forced
    );
    await benchmarks.start({ benchmarkId: 'huge', raw: { ...SMALL, warmupRuns: 0, runs: 2 } });
    const end = await benchmarks.result('huge');
    assert.equal(end.kind, 'completed');
    const [failed] = end.outcome.failedRuns;
    assert.equal(failed?.code, 'PayloadsTooLarge');
    assert.match(failed.message, /larger than Temporal takes/);
    assert.deepEqual(runs.of('huge'), ['measured 1', 'measured 2']);
  });

  it('measures two benchmarks of one host one run at a time', async () => {
    let under = 0;
    let most = 0;
    const counted = async (): Promise<ReturnType<typeof aMeasurement>> => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setTimeout(resolve, 50));
      under -= 1;
      return aMeasurement();
    };
    for (const id of ['pair-a', 'pair-b']) {
      for (const run of ['warmup 1', 'measured 1', 'measured 2', 'measured 3']) {
        runs.script(`${id} ${run}`, counted);
      }
      await benchmarks.start({ benchmarkId: id, raw: SMALL });
    }
    for (const id of ['pair-a', 'pair-b']) {
      const end = await benchmarks.result(id);
      assert.equal(end.kind, 'completed');
      assert.ok(end.outcome.runs.every((run) => run.attempt.attempt === 1));
    }
    assert.equal(most, 1);
  });

  it('shows its progress and its end as Markdown in the Web UI', async () => {
    const metadata = await connection.client.workflow
      .getHandle('flaky')
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    assert.match(metadata.currentDetails, /\*\*done\*\* · measured 3 of 3/);
    assert.match(metadata.currentDetails, /\| run\s1\s.*\| VALID, attempt 2 \|/);
    assert.match(metadata.currentDetails, /report\.json/);
    const { events } = await connection.client.workflow.getHandle('flaky').fetchHistory();
    const summaries = (events ?? []).flatMap((event) => {
      const data = event.userMetadata?.summary?.data;
      return data === null || data === undefined ? [] : [Buffer.from(data).toString('utf8')];
    });
    assert.ok(summaries.includes('"measured 3/3"'), summaries.join(' '));
  });

  it('says that there is no such benchmark instead of a gRPC code', async () => {
    for (const ask of [benchmarks.describe, benchmarks.progress, benchmarks.cancel]) {
      await assert.rejects(ask('absent'), { code: 'benchmark-not-found' });
    }
    await assert.rejects(benchmarks.result('absent'), { code: 'benchmark-not-found' });
  });

  it('ends as terminated when it is terminated', async () => {
    runs.script('axed measured 1', untilStopped);
    await benchmarks.start({ benchmarkId: 'axed', raw: { ...SMALL, warmupRuns: 0 } });
    await waitFor('run 1', () => runs.of('axed').length === 1);
    await connection.client.workflow.getHandle('axed').terminate('by hand');
    const end = await benchmarks.result('axed');
    assert.equal(end.kind, 'terminated');
  });
});
