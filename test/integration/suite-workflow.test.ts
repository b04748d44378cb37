import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { levelBenchmarkId, MAIN_TASK_QUEUE, SUITE_WORKFLOW_TYPE } from '../../src/contract/ids.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import type { SuiteReport } from '../../src/contract/suite.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { createSuiteClient, type SuiteClient } from '../../src/temporal/suite-client.ts';
import type { GateResult } from '../../src/contract/warning.ts';
import { fetchHistory, replayErrors } from '../support/replay-history.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';
import { ScriptedRuns, untilStopped } from '../support/fake-worker.ts';
import { waitFor } from '../support/wait-for.ts';

/** Three levels of one scenario, rising, that stop at a p99 above 1 s. */
const OWN = {
  id: 'own',
  factor: 'workers',
  settings: { totalRequests: 10, perRunWarmup: '0s' },
  levels: [1, 2, 4].map((value) => ({
    name: `w${value}`,
    value,
    settings: { concurrency: value },
  })),
  stop: { kind: 'beyond', limits: { latencyP99Ms: 1000 }, inARow: 2 },
};
const SMALL = { ownScenarios: [OWN], runs: 1, warmupRuns: 0, order: 'ascending' };
const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };

describe('the suite workflow on a real server', onLinux, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let suites: SuiteClient;
  let benchmarks: BenchmarkClient;
  const level = (suite: string, name: string): string =>
    levelBenchmarkId(suite, { scenario: 'own', level: name });
  const reportOf = (path: string): SuiteReport =>
    JSON.parse(readFileSync(path, 'utf8')) as SuiteReport; // its writer is the code under test

  before(async () => {
    fixture = await startWorkflowFixture(runs);
    suites = createSuiteClient(fixture.connection.client);
    benchmarks = createBenchmarkClient(fixture.connection.client);
  });
  after(() => fixture.stop());

  it('measures each level as a benchmark of its own, and ends with a report of all of them', async () => {
    await suites.start({ benchmarkId: 'plain', raw: SMALL, configHash: 'h' });
    assert.equal(
      await waitFor('it is found', () => suites.findRunning('h')).catch(() => 'plain'),
      'plain',
    );
    const end = await suites.result('plain');
    assert.ok(end.kind === 'completed', JSON.stringify(end));
    assert.equal(end.outcome.measured, 3);
    assert.equal(end.outcome.headlines[0]?.value, 10);
    assert.deepEqual(
      runs.begun.filter((name) => name.startsWith('plain--')),
      ['w1', 'w2', 'w4'].map((name) => `${level('plain', name)} measured 1`),
    );
    const report = reportOf(end.outcome.files.json);
    assert.deepEqual(
      report.levels.map(({ level: name, outcome }) => [name, outcome.kind]),
      [
        ['w1', 'measured'],
        ['w2', 'measured'],
        ['w4', 'measured'],
      ],
    );
    assert.match(readFileSync(end.outcome.files.html, 'utf8'), /<svg/);
    assert.match(readFileSync(end.outcome.files.markdown, 'utf8'), /\| w4 \|/);
    const child = await benchmarks.describe(level('plain', 'w2'));
    assert.equal(child.state, 'completed');
    assert.match(child.summary ?? '', /level 2\/3 of suite plain/);
    const { progress } = await suites.progress('plain');
    assert.equal(progress?.finished.length, 3);
    assert.equal(progress.remainingMs, 0);
    const metadata = await fixture.connection.client.workflow
      .getHandle('plain')
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    assert.match(metadata.currentDetails, /\*\*done\*\* · 3\/3 levels/);
    assert.match(metadata.currentDetails, /\| 2 \| own \| w2 \| 10\.0 \| 1000 \| 1200 \| VALID \|/);
    const history = await fetchHistory(fixture.connection.client, {
      workflowId: 'plain',
      name: 'suite',
    });
    assert.deepEqual(await replayErrors('plain', history), []);
  });

  it('goes on after a level that fails, with its reason in the report', async () => {
    runs.script(`${level('lossy', 'w2')} measured 1`, () =>
      Promise.reject(new BenchmarkError('target-refused-plan', 'Only 1 agent, 4 were asked for.')),
    );
    await suites.start({ benchmarkId: 'lossy', raw: SMALL });
    const end = await suites.result('lossy');
    assert.ok(end.kind === 'completed');
    assert.deepEqual([end.outcome.measured, end.outcome.failed], [2, 1]);
    const [, second] = reportOf(end.outcome.files.json).levels;
    assert.ok(second?.outcome.kind === 'failed');
    assert.equal(second.outcome.code, 'target-refused-plan');
    assert.match(second.outcome.reason, /Only 1 agent/);
  });

  it('skips the level above two that are beyond the limits, and says why', async () => {
    const slow = aMeasurement({ latency: { ...aMeasurement().latency, p99Us: 1_500_000 } });
    for (const name of ['w1', 'w2']) {
      runs.script(`${level('slow', name)} measured 1`, () => Promise.resolve(slow));
    }
    await suites.start({ benchmarkId: 'slow', raw: SMALL });
    const end = await suites.result('slow');
    assert.ok(end.kind === 'completed');
    assert.deepEqual(runs.of(level('slow', 'w4')), []);
    const third = reportOf(end.outcome.files.json).levels[2];
    assert.ok(third?.outcome.kind === 'skipped');
    assert.match(third.outcome.reason, /w1, w2: median p99 1500\.0 ms/);
  });

  it('pauses within the level under way, between its runs, and goes on when it is resumed', async () => {
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => (finish = resolve));
    const first = level('paused', 'w1');
    runs.script(`${first} measured 1`, async () => {
      await over;
      return aMeasurement();
    });
    await suites.start({ benchmarkId: 'paused', raw: { ...SMALL, runs: 2 } });
    await waitFor('run 1', () => runs.of(first).length === 1);
    await benchmarks.pause('paused');
    await waitFor('its benchmark hears of it', async () => {
      const { events } = await fixture.connection.client.workflow.getHandle(first).fetchHistory();
      return (events ?? []).some((event) => event.workflowExecutionSignaledEventAttributes != null);
    });
    finish();
    await waitFor('its benchmark is paused', async () => {
      const { progress } = await benchmarks.progress(first);
      return progress?.stage.kind === 'paused';
    });
    assert.deepEqual(runs.of(first), ['measured 1']);
    await benchmarks.resume('paused');
    const end = await suites.result('paused');
    assert.ok(end.kind === 'completed');
    assert.equal(end.outcome.measured, 3);
  });

  it('stops the run under way when it is cancelled, and leaves a report of the finished levels', async () => {
    const second = level('cut', 'w2');
    runs.script(`${second} measured 1`, untilStopped);
    await suites.start({ benchmarkId: 'cut', raw: SMALL });
    await waitFor('level 2', () => runs.of(second).length === 1);
    await benchmarks.cancel('cut');
    const end = await suites.result('cut');
    assert.ok(end.kind === 'cancelled');
    assert.equal(end.outcome?.status, 'cancelled');
    assert.equal(reportOf(end.outcome.files.json).levels.length, 1);
    assert.equal((await benchmarks.describe(second)).state, 'cancelled');
  });

  it('takes a level whose benchmark was cancelled by hand for a failed one', async () => {
    const second = level('picked', 'w2');
    runs.script(`${second} measured 1`, untilStopped);
    await suites.start({ benchmarkId: 'picked', raw: SMALL });
    await waitFor('level 2', () => runs.of(second).length === 1);
    await benchmarks.cancel(second);
    const end = await suites.result('picked');
    assert.ok(end.kind === 'completed');
    assert.deepEqual([end.outcome.measured, end.outcome.failed], [2, 1]);
  });

  it('searches a capacity trial by trial, and repeats one that the generator spoilt', async () => {
    const beyond: GateResult = {
      id: 'G2',
      name: 'generator saturation',
      status: 'fail',
      value: 1,
      limit: 0,
      unit: 'µs',
      message: 'The generator was saturated.',
    };
    const trial = (number: number, purpose: string): string =>
      `${levelBenchmarkId('search', { scenario: 'capacity', level: `trial-${number}-${purpose}` })} measured 1`;
    const slow = aMeasurement({ latency: { ...aMeasurement().latency, meanUs: 90_000 } });
    runs.script(trial(2, 'bracket'), () =>
      Promise.resolve(aMeasurement({ gates: [beyond], verdict: 'INVALID' })),
    );
    runs.script(trial(4, 'bracket'), () => Promise.resolve(slow));
    const raw = { slo: 'latency_mean<80ms', startRate: 10, tolerance: 1, trialDuration: '1s' };
    await suites.start({ benchmarkId: 'search', raw }, 'capacity');
    const end = await suites.result('search');
    assert.ok(end.kind === 'completed', JSON.stringify(end));
    const { capacity, files, measured, invalid } = end.outcome;
    assert.equal(capacity?.ratePerS, 20);
    assert.equal(capacity.confirmed, true);
    assert.deepEqual(capacity.bound, { kind: 'missed', ratePerS: 40 });
    assert.deepEqual([measured, invalid], [5, 1]);
    assert.deepEqual(
      reportOf(files.json).levels.map(({ level: name, value, outcome }) => [
        name,
        value,
        outcome.kind === 'measured' ? outcome.trial?.verdict : outcome.kind,
      ]),
      [
        ['trial-1-bracket', 10, 'met'],
        ['trial-2-bracket', 20, 'spoilt'],
        ['trial-3-bracket', 20, 'met'],
        ['trial-4-bracket', 40, 'missed'],
        ['trial-5-confirm', 20, 'met'],
      ],
    );
    const history = await fetchHistory(fixture.connection.client, {
      workflowId: 'search',
      name: 'capacity',
    });
    assert.deepEqual(await replayErrors('search', history), []);
  });

  it('fails with every problem named, and never hangs, when its input makes no sense', async () => {
    for (const [name, args, problem] of [
      ['number', [7], /expected object/],
      ['typo', [{ rns: 3 }], /rns/],
      ['unknown', ['multi_turm'], /multi_turm.*multi_turn/],
    ] as const) {
      await fixture.connection.client.workflow.start(SUITE_WORKFLOW_TYPE, {
        workflowId: `input-${name}`,
        taskQueue: MAIN_TASK_QUEUE,
        args: [...args],
      });
      const end = await suites.result(`input-${name}`);
      assert.ok(end.kind === 'failed', name);
      assert.equal(end.code, 'InvalidInput', name);
      assert.match(end.message, problem, name);
    }
  });
});
