import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { SuiteRegressionMessage } from '../../src/activities/interface.ts';
import { exitCodeOfSuite } from '../../src/cli/suite/run-suite.ts';
import { levelBenchmarkId, MAIN_TASK_QUEUE, SUITE_WORKFLOW_TYPE } from '../../src/contract/ids.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { reportText } from '../../src/report/to-json.ts';
import type { Settings } from '../../src/contract/scenario.ts';
import type { SuiteOutcome, SuiteReport } from '../../src/contract/suite.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { createScheduleClient } from '../../src/temporal/schedule-client.ts';
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
const HOUR_MS = 3_600_000;
/** Of the suites `nightly-…`, in the order in which they begin: latencies, µs; those of level w2 are three times so from the fifth on. */
const NIGHTS = [1000, 1010, 990, 1005, 995, 1002];
const GOOD_NIGHTS = 4;
const PAIR = { ...OWN, levels: OWN.levels.slice(0, 2) };
const NIGHTLY = { ...SMALL, ownScenarios: [PAIR] };
const nights: string[] = [];

/** null: of another benchmark. */
function nightlyRun({ key }: RunPlan): Promise<RunMeasurement> | null {
  const [suite = '', , level] = key.workflowId.split('--');
  if (!suite.startsWith('nightly-')) return null;
  if (!nights.includes(suite)) nights.push(suite);
  const night = nights.indexOf(suite);
  const us = (NIGHTS[night] ?? 1000) * (level === 'w2' && night >= GOOD_NIGHTS ? 3 : 1);
  const measurement = aMeasurement();
  const latency = { ...measurement.latency, p50Us: us, p95Us: us + 100, p99Us: us + 200 };
  return Promise.resolve({ ...measurement, throughputRps: 1e6 / us, latency });
}

/** A suite of that seed has to be over very soon. */
const SHORT = { seed: 4_711, boundMs: 1_500 };
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
    fixture = await startWorkflowFixture(
      { executeRun: (plan, hooks) => nightlyRun(plan) ?? runs.executeRun(plan, hooks) },
      { formatReport: reportText },
      ({ planSuite }) => ({
        planSuite: async (raw) => {
          const prepared = await planSuite(raw);
          const isShort = prepared.plan.request.seed === SHORT.seed;
          return isShort ? { ...prepared, boundMs: SHORT.boundMs } : prepared;
        },
      }),
    );
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
    const details = metadata.currentDetails.replaceAll('\u2002', '');
    assert.match(
      details,
      /\*\*done\*\* · 3 of 3 levels\n\n\*\*VALID\*\*\n\n- Every level that was measured passed/,
    );
    assert.match(details, /\| 2 \| own \| w2 \| 10\.0 \| 1000 \| 1200 \| VALID \|/);
    assert.ok(details.includes(end.outcome.files.html));
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
    // The suite itself has nothing to be put back to; its level has.
    const advice = new RegExp(`loombench retry ${level('lossy', 'w2')}\\.`);
    await assert.rejects(benchmarks.retry('lossy'), advice);
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

  it('holds every level against its history when a schedule started it, and is REGRESSED by the one that is worse', async () => {
    const measure = async (name: string, settings: Settings): Promise<SuiteOutcome> => {
      await suites.start({ benchmarkId: name, raw: { ...NIGHTLY, settings } });
      const end = await suites.result(name);
      assert.ok(end.kind === 'completed', JSON.stringify(end));
      assert.equal(end.outcome.verdict, 'VALID');
      return end.outcome;
    };
    // Side by side, for these are only to be there.
    const first = await Promise.all([1, 2, 3].map((night) => measure(`nightly-${night}`, {})));
    for (const { regression } of first) assert.equal(regression, undefined);
    const asked = await measure('nightly-4', { regression: 'series' });
    assert.deepEqual(asked.regression, { judged: 2, regressed: [] });
    const schedules = createScheduleClient(fixture.connection.client);
    await schedules.create({
      name: 'nightly',
      timing: {
        firing: { kind: 'every', everyMs: 24 * HOUR_MS, offsetMs: 0 },
        timeZone: 'UTC',
        jitterMs: 0,
      },
      policies: { overlap: 'buffer-one', catchUpMs: 600_000, pauseOnFailure: true },
      work: {
        ...{ workflowType: SUITE_WORKFLOW_TYPE, raw: NIGHTLY, summary: '', details: '' },
        ...{ configHash: 'n', executionTimeoutMs: HOUR_MS },
      },
      paused: false,
      note: '',
    });
    await schedules.trigger('nightly');
    const id = await waitFor('the schedule has started one', async () => {
      const { taken } = await schedules.describe('nightly');
      return taken[0]?.benchmarkId;
    });
    const end = await suites.result(id);
    assert.ok(end.kind === 'completed', JSON.stringify(end));
    assert.equal(end.outcome.verdict, 'REGRESSED');
    assert.equal(end.outcome.regression?.judged, 2);
    assert.deepEqual(
      end.outcome.regression.regressed.map(({ benchmarkId }) => benchmarkId),
      [level(id, 'w2')],
    );
    assert.match(end.outcome.reasons?.[0] ?? '', /^own\/w2: .*latency p50 is worse since/);
    const answer = await fixture.connection.client.workflow.getHandle(id).query('report');
    assert.deepEqual(answer, end.outcome);
    assert.match(readFileSync(end.outcome.files.markdown, 'utf8'), /Verdict: REGRESSED/);
    const listed = await waitFor('it is listed with its verdict', async () =>
      (await benchmarks.list()).find((item) => item.benchmarkId === id && item.verdict !== null),
    );
    assert.equal(listed.verdict, 'REGRESSED');
    assert.equal((await schedules.describe('nightly')).paused, false);
    await schedules.delete('nightly');
  });

  it('ends FAILED by such a level where that is wanted, with all levels measured, and tells it once', async () => {
    const posted: string[] = [];
    const hook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        posted.push(body);
        response.end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const { port } = hook.address() as AddressInfo; // it listens on TCP
    const settings = { failOnRegression: true, notifyWebhook: `http://127.0.0.1:${port}/hook` };
    await suites.start({ benchmarkId: 'nightly-last', raw: { ...NIGHTLY, settings } });
    const end = await suites.result('nightly-last');
    hook.close();
    assert.ok(end.kind === 'failed');
    assert.equal(end.code, 'regressed');
    assert.match(end.message, /^REGRESSED: own\/w2: /);
    assert.deepEqual([end.outcome?.measured, end.outcome?.failed], [2, 0]);
    assert.equal(exitCodeOfSuite(end), 99);
    const [message = '', ...others] = posted;
    assert.deepEqual(others, []);
    const { kind, suiteId, regression, report } = JSON.parse(message) as SuiteRegressionMessage; // as sent
    assert.deepEqual([kind, suiteId], ['loombench-suite-regression', 'nightly-last']);
    assert.deepEqual(regression, end.outcome?.regression);
    assert.equal(reportOf(report).verdict, 'REGRESSED');
    const history = await fetchHistory(fixture.connection.client, {
      workflowId: 'nightly-last',
      name: 'suite-v2',
    });
    assert.deepEqual(await replayErrors('nightly-last', history), []);
  });

  it('ends the ladder of peak_throughput after two declines in a row', async () => {
    for (const [workers, throughputRps] of [
      [16, 500],
      [32, 900],
      [64, 850],
      [128, 700],
    ] as const) {
      const id = levelBenchmarkId('forced', {
        scenario: 'peak_throughput',
        level: `${workers}-workers`,
      });
      runs.script(`${id} measured 1`, () => Promise.resolve(aMeasurement({ throughputRps })));
    }
    const raw = {
      scenarios: ['peak_throughput'],
      ...{ runs: 1, warmupRuns: 0, order: 'ascending', scale: 0.01 },
    };
    await suites.start({ benchmarkId: 'forced', raw });
    const end = await suites.result('forced');
    assert.ok(end.kind === 'completed', JSON.stringify(end));
    const skipped = reportOf(end.outcome.files.json).levels.flatMap(({ level: name, outcome }) =>
      outcome.kind === 'skipped' ? [[name, outcome.reason]] : [],
    );
    const decline =
      '32-workers, 64-workers, 128-workers: the median throughput declined 2 times in a row';
    assert.deepEqual(
      skipped,
      ['256-workers', '512-workers', '1024-workers'].map((name) => [name, decline]),
    );
    assert.equal(end.outcome.headlines[0]?.value, 900);
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

  it('is given up at its deadline though nobody set it a timeout, and says so', async () => {
    runs.script(`${level('late', 'w1')} measured 1`, untilStopped);
    const { workflow } = fixture.connection.client;
    await workflow.start(SUITE_WORKFLOW_TYPE, {
      workflowId: 'late',
      taskQueue: MAIN_TASK_QUEUE,
      args: [{ ...SMALL, seed: SHORT.seed }],
    });
    const end = await suites.result('late');
    assert.ok(end.kind === 'failed', JSON.stringify(end));
    assert.equal(end.code, 'deadline-passed');
    assert.match(
      end.message,
      /^The suite was not over by \d{4}-.*Z\. Its finished levels are reported/,
    );
    assert.equal(end.outcome?.status, 'cancelled');
    const { raw } = await workflow.getHandle('late').describe();
    assert.equal(Number(raw.executionConfig?.workflowExecutionTimeout?.seconds ?? 0), 0);
    const history = await fetchHistory(fixture.connection.client, {
      workflowId: 'late',
      name: 'suite-late',
    });
    assert.deepEqual(await replayErrors('late', history), []);
  });

  it('is not given up while it is paused', async () => {
    const { workflow } = fixture.connection.client;
    const begun = Date.now();
    const handle = await workflow.signalWithStart(SUITE_WORKFLOW_TYPE, {
      workflowId: 'resting',
      taskQueue: MAIN_TASK_QUEUE,
      args: [{ ...SMALL, seed: SHORT.seed }],
      signal: 'pause',
    });
    await waitFor('its deadline would have passed', () => Date.now() > begun + 2 * SHORT.boundMs);
    const { state, progress } = await suites.progress('resting');
    assert.deepEqual([state, progress?.stage.kind], ['running', 'paused']);
    await handle.terminate();
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

  it('searches a capacity trial by trial, and repeats what the generator spoilt, or what came late to confirm', async () => {
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
    const late: GateResult = { ...beyond, id: 'G1', message: 'The schedule was not kept.' };
    runs.script(trial(5, 'confirm'), () =>
      Promise.resolve(aMeasurement({ gates: [late], verdict: 'INVALID' })),
    );
    const raw = {
      ...{ slo: 'latency_mean<80ms', startRate: 10, tolerance: 1, trialDuration: '1s' },
      repeatPause: '10ms',
    };
    await suites.start({ benchmarkId: 'search', raw }, 'capacity');
    const end = await suites.result('search');
    assert.ok(end.kind === 'completed', JSON.stringify(end));
    const { capacity, files, measured, invalid } = end.outcome;
    assert.equal(capacity?.ratePerS, 20);
    assert.equal(capacity.confirmed, true);
    assert.deepEqual(capacity.bound, { kind: 'missed', ratePerS: 40 });
    assert.deepEqual([measured, invalid], [6, 1]);
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
        ['trial-5-confirm', 20, 'late'],
        ['trial-6-confirm', 20, 'met'],
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
