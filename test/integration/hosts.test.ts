// Several hosts: a benchmark stays on the one that took it, waits for it, fails without it or begins anew on another, as it
// was told; what it had measured there is listed and never mixed in. Runs are scripted, workers and server are real.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { BenchmarkOutcome, BenchmarkStage } from '../../src/contract/benchmark-state.ts';
import { benchmarkDirectoryName, MEMO_SERIES } from '../../src/contract/ids.ts';
import type { JsonReport } from '../../src/contract/report.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import type { SuiteReport } from '../../src/contract/suite.ts';
import { explainEnd } from '../../src/cli/exit-status.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { createSuiteClient } from '../../src/temporal/suite-client.ts';
import { reportText } from '../../src/report/to-json.ts';
import { ScriptedRuns } from '../support/fake-worker.ts';
import { fetchHistory, replayErrors } from '../support/replay-history.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startBareFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
/** A host is asked for when a step has lain there for twice this, and may take this long to answer. */
const PATIENCE_MS = 2_000;
const SMALL = { warmupRuns: 1, totalRequests: 10, perRunWarmup: '0s' };
/** The server suggests a new execution from here on, which a benchmark of so many runs comes to. */
const LONG_RUNS = 12;
const SUGGESTED_EVENTS = 60;

describe('a benchmark and its host, on a real server', onLinux, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let benchmarks: BenchmarkClient;
  const up = new Map<string, { end(): Promise<void> }>();

  before(async () => {
    fixture = await startBareFixture(runs, {
      hasWorker: false,
      overrides: { heartbeatTimeoutMs: PATIENCE_MS, formatReport: (report) => reportText(report) },
      serverFlags: [
        '--dynamic-config-value',
        `limit.historyCount.suggestContinueAsNew=${SUGGESTED_EVENTS}`,
      ],
    });
    benchmarks = createBenchmarkClient(fixture.connection.client);
  });
  after(() => fixture.stop());

  const only = async (...hosts: string[]): Promise<void> => {
    for (const [host, worker] of up) if (!hosts.includes(host)) await worker.end();
    for (const host of [...up.keys()]) if (!hosts.includes(host)) up.delete(host);
    for (const host of hosts) if (!up.has(host)) up.set(host, await fixture.startWorker(host));
  };
  const stageOf = async (id: string): Promise<BenchmarkStage | undefined> =>
    (await benchmarks.progress(id)).progress?.stage;
  const stands = (id: string, kind: BenchmarkStage['kind']): Promise<BenchmarkStage> =>
    waitFor(`${id} is ${kind}`, async () => {
      const stage = await stageOf(id);
      return stage?.kind === kind ? stage : null;
    });
  /** Started on the only host, and resting after its first measured run. */
  const resting = async (id: string, raw: Record<string, unknown>): Promise<void> => {
    let go = (): void => undefined;
    const begun = new Promise<void>((resolve) => (go = resolve));
    runs.script(`${id} measured 1`, async () => {
      await begun;
      return aMeasurement();
    });
    await benchmarks.start({ benchmarkId: id, raw: { ...SMALL, runs: 2, ...raw } });
    await waitFor(`${id} measures`, () => runs.of(id).includes('measured 1'));
    await benchmarks.pause(id);
    go();
    await stands(id, 'paused');
  };
  const completed = async (id: string): Promise<BenchmarkOutcome> => {
    const end = await benchmarks.result(id);
    assert.equal(end.kind, 'completed', id);
    return end.outcome;
  };
  const reportOf = (outcome: BenchmarkOutcome): JsonReport =>
    JSON.parse(readFileSync(outcome.report.path, 'utf8')) as JsonReport;

  describe('while its host is there', () => {
    beforeEach(() => only('host-a', 'host-b'));

    it('stays on the host that took its first activity, and says which one', async () => {
      const ids = ['stays-1', 'stays-2', 'stays-3', 'stays-4'];
      for (const id of ids) await benchmarks.start({ benchmarkId: id, raw: { ...SMALL, runs: 3 } });
      for (const id of ids) {
        const outcome = await completed(id);
        const { events } = await fixture.connection.client.workflow.getHandle(id).fetchHistory();
        const started = events?.find((event) => event.activityTaskCompletedEventAttributes);
        const result = started?.activityTaskCompletedEventAttributes?.result?.payloads?.[0]?.data;
        const prepared = JSON.parse(Buffer.from(result ?? []).toString()) as { host: string };
        assert.deepEqual(
          outcome.runs.map(({ host }) => host),
          Array.from({ length: 4 }, () => prepared.host),
        );
        assert.equal(outcome.host, prepared.host);
        assert.equal((await benchmarks.progress(id)).progress?.host, prepared.host);
      }
    });

    it('is measured on the host that is asked for, whoever takes its first activity', async () => {
      const wishes = ['host-a', 'host-b', 'host-a', 'host-b'].map((host, index) => ({
        host,
        id: `named-${index}`,
      }));
      for (const { host, id } of wishes) {
        await benchmarks.start({ benchmarkId: id, raw: { ...SMALL, runs: 1, host } });
      }
      for (const { host, id } of wishes) assert.equal((await completed(id)).host, host);
    });

    it('waits for a host that is busy with another benchmark, at attempt 1, and takes it for no lost one', async () => {
      let finish = (): void => undefined;
      const over = new Promise<void>((resolve) => (finish = resolve));
      runs.script('holds measured 1', async () => {
        await over;
        return aMeasurement();
      });
      const raw = { ...SMALL, warmupRuns: 0, runs: 1, host: 'host-a' };
      await benchmarks.start({ benchmarkId: 'holds', raw });
      await waitFor('it measures', () => runs.of('holds').length === 1);
      await benchmarks.start({ benchmarkId: 'queued', raw: { ...raw, onHostLoss: 'fail' } });
      const looks = async (): Promise<number> => {
        const { events } = await fixture.connection.client.workflow
          .getHandle('queued')
          .fetchHistory();
        return (events ?? []).filter(
          (event) =>
            event.activityTaskScheduledEventAttributes?.activityType?.name === 'hostPresence',
        ).length;
      };
      await waitFor('it has asked for its host', async () => (await looks()) >= 1);
      assert.deepEqual(runs.of('queued'), []);
      finish();
      const outcome = await completed('queued');
      assert.deepEqual(
        outcome.runs.map(({ attempt, host }) => [attempt.attempt, host]),
        [[1, 'host-a']],
      );
      assert.equal(outcome.discarded, undefined);
    });
  });

  describe('when its host is lost', () => {
    const POLICIES: Readonly<Record<string, Record<string, unknown>>> = {
      waits: {},
      moves: { onHostLoss: 'rehome' },
      'moves-later': { hostLossLimit: '500ms' },
      fails: { onHostLoss: 'fail' },
      faithful: { host: 'host-a', hostLossLimit: '500ms' },
      leaves: { hostLossLimit: '0s' },
      long: { runs: LONG_RUNS, onHostLoss: 'rehome' },
    };

    before(async () => {
      await only('host-a');
      for (const [id, raw] of Object.entries(POLICIES)) await resting(id, raw);
      await only('host-b');
      for (const id of Object.keys(POLICIES)) await benchmarks.resume(id);
    });

    it('waits for it, for 10 minutes by default, and says so', async () => {
      const waiting = await stands('waits', 'waiting-for-host');
      assert.ok(waiting.kind === 'waiting-for-host');
      assert.deepEqual([waiting.host, waiting.then], ['host-a', 'rehome']);
      const leftMs = Date.parse(waiting.untilUtc ?? '') - Date.now();
      assert.ok(leftMs > 500_000 && leftMs <= 600_000, `${leftMs} ms`);
      const { currentDetails } = await fixture.connection.client.workflow
        .getHandle('waits')
        .query<{ currentDetails: string }>('__temporal_workflow_metadata');
      assert.match(
        currentDetails,
        /waiting for host host-a, whose worker does not answer, until 2/,
      );
      assert.match(currentDetails, / on host-a/);
    });

    for (const id of ['moves', 'moves-later']) {
      it(`measures all anew on another host, at once or after the limit, and lists what it had: ${id}`, async () => {
        const outcome = await completed(id);
        assert.deepEqual(runs.of(id), [
          'warmup 1',
          'measured 1',
          'warmup 1',
          'measured 1',
          'measured 2',
        ]);
        assert.deepEqual(
          outcome.runs.map(({ host, key }) => [host, key.series, key.phase, key.index]),
          [
            ['host-b', 2, 'warmup', 1],
            ['host-b', 2, 'measured', 1],
            ['host-b', 2, 'measured', 2],
          ],
        );
        assert.equal(outcome.host, 'host-b');
        const limit = id === 'moves' ? 'does not answer' : 'did not answer for 1 s (hostLossLimit)';
        assert.deepEqual(
          (outcome.discarded ?? []).map(({ discardedAtUtc: _, runs: listed, ...series }) => ({
            ...series,
            listed: listed.map((run) => [run.phase, run.index, run.throughputRps, run.verdict]),
          })),
          [
            {
              series: 1,
              host: 'host-a',
              reason: `its worker ${limit}`,
              counts: { warmup: 1, measured: 1 },
              failed: 0,
              listed: [
                ['warmup', 1, 10, 'VALID'],
                ['measured', 1, 10, 'VALID'],
              ],
            },
          ],
        );
        const description = await fixture.connection.client.workflow.getHandle(id).describe();
        assert.equal(description.memo?.[MEMO_SERIES], 2);
      });
    }

    it('reports the runs of the host that measured all, and the others apart', async () => {
      const outcome = await completed('moves');
      const report = reportOf(outcome);
      assert.deepEqual(report.loombench.discarded, outcome.discarded);
      assert.deepEqual(
        report.runs.map(({ loombench: { host } }) => host),
        ['host-b', 'host-b'],
      );
      assert.ok(report.loombench.warnings.some(({ code }) => code === 'host-lost'));
    });

    it('replays, with the wait, the move and the new execution in its history', async () => {
      await completed('moves-later');
      const { client } = fixture.connection;
      // The newest first.
      const executions: string[] = [];
      const query = "WorkflowId = 'moves-later'";
      for await (const { runId } of client.workflow.list({ query })) executions.unshift(runId);
      assert.ok(executions.length >= 2, `${executions.length} executions`);
      for (const [position, runId] of executions.entries()) {
        const name = `benchmark-v4${position === 0 ? '' : '-continued'}`;
        const history = await fetchHistory(client, { workflowId: 'moves-later', runId, name });
        assert.deepEqual(await replayErrors('moves-later', history), [], name);
      }
    });

    it('fails where it may not move, and says how it goes on', async () => {
      for (const id of ['fails', 'faithful']) {
        const end = await benchmarks.result(id);
        assert.equal(end.kind, 'failed', id);
        assert.equal(end.code, 'host-lost', id);
        assert.match(end.message, /Host host-a is lost.*the 1 measured run .*loombench retry/s, id);
      }
    });

    it('can be cancelled while it waits, and then says where its finished runs are', async () => {
      await stands('leaves', 'waiting-for-host');
      await benchmarks.cancel('leaves');
      const end = await benchmarks.result('leaves');
      assert.ok(end.kind === 'cancelled' && end.outcome === null);
      const { kept } = end;
      assert.ok(kept);
      assert.deepEqual([kept.host, kept.counts], ['host-a', { warmup: 1, measured: 1 }]);
      assert.match(kept.reason, /Host host-a is lost: its worker does not answer/);
      const { client } = fixture.connection;
      const { runId } = await client.workflow.getHandle('leaves').describe();
      assert.equal(
        kept.directory,
        benchmarkDirectoryName({ workflowId: 'leaves', firstExecutionRunId: runId }),
      );
      assert.ok(existsSync(join(fixture.directory, 'artifacts', kept.directory)));

      const said =
        /1 warm-up run and 1 measured run are kept on host-a, in artifacts\/leaves\.\S+ of its state directory.*could be written: Host host-a is lost/;
      assert.match(explainEnd('leaves', end) ?? '', said);
      const { currentDetails } = await client.workflow
        .getHandle('leaves')
        .query<{ currentDetails: string }>('__temporal_workflow_metadata');
      assert.match(currentDetails, said);
      const history = await fetchHistory(client, { workflowId: 'leaves', runId, name: 'leaves' });
      assert.deepEqual(await replayErrors('leaves', history), []);
    });

    it('goes on where it was when the host is back, also after it had failed and is retried', async () => {
      await only('host-a', 'host-b');
      for (const id of ['fails', 'faithful', 'leaves']) await benchmarks.retry(id);
      for (const id of ['waits', 'fails', 'faithful', 'leaves']) {
        const outcome = await completed(id);
        assert.equal(outcome.host, 'host-a', id);
        assert.equal(outcome.discarded, undefined, id);
        assert.deepEqual(runs.of(id), ['warmup 1', 'measured 1', 'measured 2'], id);
        assert.equal(outcome.runs.length, 3, id);
      }
    });
  });

  it('keeps the runs of the lost host apart on disk, also where both hosts share one', async () => {
    const { firstExecutionRunId } = (await completed('moves')).runs[0]?.key ?? {};
    const directory = join(
      fixture.directory,
      'artifacts',
      benchmarkDirectoryName({
        workflowId: 'moves',
        firstExecutionRunId: firstExecutionRunId ?? '',
      }),
    );
    const stored = readdirSync(directory).filter((name) =>
      existsSync(join(directory, name, 'run.json')),
    );
    assert.deepEqual(stored.sort(), [
      'measured-0001',
      'series-2-measured-0001',
      'series-2-measured-0002',
      'series-2-warmup-0001',
      'warmup-0001',
    ]);
  });

  it('fails at last when the host that is asked for never had a worker, and says what to do', async () => {
    const raw = { ...SMALL, runs: 1, host: 'host-z', hostLossLimit: '1s' };
    await benchmarks.start({ benchmarkId: 'nowhere', raw });
    await stands('nowhere', 'waiting-for-host');
    const end = await benchmarks.result('nowhere');
    assert.equal(end.kind, 'failed');
    assert.equal(end.code, 'host-lost');
    assert.match(end.message, /host-z.*loombench worker/s);
    assert.deepEqual(runs.of('nowhere'), []);
  });

  it('carries what was discarded through the executions of a long benchmark', async () => {
    const outcome = await completed('long');
    const executions: string[] = [];
    const query = "WorkflowId = 'long'";
    for await (const { runId } of fixture.connection.client.workflow.list({ query })) {
      executions.push(runId);
    }
    assert.ok(executions.length >= 2, `${executions.length} executions`);
    assert.equal(outcome.host, 'host-b');
    assert.deepEqual(outcome.finishedCounts, { warmup: 1, measured: LONG_RUNS });
    assert.ok(outcome.runs.every(({ key }) => key.series === 2));
    assert.deepEqual(
      outcome.discarded?.map(({ series, host, counts }) => [series, host, counts]),
      [[1, 'host-a', { warmup: 1, measured: 1 }]],
    );
    assert.equal(reportOf(outcome).runs.length, LONG_RUNS);
  });

  describe('when it measured a level of a suite and is gone', () => {
    beforeEach(() => only('host-a'));

    it('is waited for as long as it may, and then the suite goes on with the host that is there', async () => {
      const suites = createSuiteClient(fixture.connection.client);
      const levels = ['first', 'second'].map((name, index) => ({ name, value: index + 1 }));
      const raw = {
        ownScenarios: [{ id: 'own', factor: 'workers', levels }],
        settings: { totalRequests: 10, perRunWarmup: '0s', hostLossLimit: '1s' },
        runs: 1,
        warmupRuns: 0,
        order: 'ascending',
        levelCooldown: '1s',
      };
      await suites.start({ benchmarkId: 'moving-suite', raw, configHash: 'moving-suite' });
      await waitFor('its first level is measured', async () => {
        const { progress } = await suites.progress('moving-suite');
        return progress?.finished.length === 1;
      });
      await only('host-b');
      const end = await suites.result('moving-suite');
      assert.ok(end.kind === 'completed', JSON.stringify(end));
      const report = JSON.parse(readFileSync(end.outcome.files.json, 'utf8')) as SuiteReport;
      assert.deepEqual(
        report.levels.map(({ outcome }) => (outcome.kind === 'measured' ? outcome.host : outcome)),
        ['host-a', 'host-b'],
      );
      assert.equal(end.outcome.host, 'host-b');
    });
  });
});
