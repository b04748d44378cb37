// Two real histories: real calls to the embedded target, whose LLM takes twenty times as long from the seventh result
// on. All calls of a run are one wave, which takes as long as one call, and six results bound the next one also where
// the machine that tests is busy.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultBenchmarkConfig } from '../../src/config/defaults.ts';
import { BENCHMARK_WORKFLOW_TYPE } from '../../src/contract/ids.ts';
import { reportText } from '../../src/report/to-json.ts';
import { startEmbeddedTarget, type EmbeddedTarget } from '../../src/target/embedded-target.ts';
import type { BenchmarkClient } from '../../src/temporal/benchmark-api.ts';
import type { BenchmarkEnd } from '../../src/temporal/benchmark-client.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { claimPort } from '../../src/temporal/free-port.ts';
import { createScheduleClient } from '../../src/temporal/schedule-client.ts';
import { inProcessRun } from '../support/in-process-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
const HOUR_MS = 3_600_000;
const EARLIER_RESULTS = 6;
const LATENCY_BEFORE_MS = 100;
const LATENCY_AFTER_MS = 2000;

describe('a benchmark that watches its history', onLinux, () => {
  let fixture: WorkflowFixture;
  let benchmarks: BenchmarkClient;
  let target: EmbeddedTarget;
  let hook: Server;
  let port = 0;
  const posted: string[] = [];

  const startTarget = async (baseLatencyMs: number): Promise<EmbeddedTarget> => {
    const { llm } = defaultBenchmarkConfig();
    const options = { originNs: 0n, signal: new AbortController().signal, sampleResources: false };
    return startEmbeddedTarget(
      {
        llm: { ...llm, baseLatencyMs, jitterMs: 0 },
        llmConcurrencyLimit: 0,
        numAgents: 1,
        seed: 1,
        port,
      },
      options,
    );
  };

  const input = (useStreaming: boolean): Record<string, unknown> => ({
    ...{ runs: 1, warmupRuns: 0, totalRequests: 20, concurrency: 20, perRunWarmup: '0s' },
    ...{ serverAddr: `127.0.0.1:${port}`, useStreaming, scenarioName: 'nightly $(touch pwned)' },
    // A machine that was busy for a moment is no slower target.
    regressionThreshold: 50,
  });

  const measure = async (id: string, raw: Record<string, unknown>): Promise<BenchmarkEnd> => {
    await benchmarks.start({ benchmarkId: id, raw, summary: id, configHash: 'x' });
    return benchmarks.result(id);
  };

  before(async () => {
    ({ port } = await claimPort([]));
    fixture = await startWorkflowFixture(
      { executeRun: inProcessRun },
      { formatReport: reportText },
    );
    benchmarks = createBenchmarkClient(fixture.connection.client);
    hook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        posted.push(body);
        // The first time nobody is at home.
        response.writeHead(posted.length === 1 ? 503 : 200).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    target = await startTarget(LATENCY_BEFORE_MS);
    for (let night = 1; night <= EARLIER_RESULTS; night += 1) {
      const watch = night === EARLIER_RESULTS ? { regression: 'series' } : {};
      const both = await Promise.all([
        measure(`unary-${night}`, { ...input(false), ...watch }),
        measure(`stream-${night}`, { ...input(true), ...watch }),
      ]);
      for (const end of both) {
        assert.equal(end.kind, 'completed');
        const found = end.outcome.regression?.kind;
        assert.equal(found, night === EARLIER_RESULTS ? 'steady' : undefined);
      }
    }
    await target.stop();
    target = await startTarget(LATENCY_AFTER_MS);
  });
  after(async () => {
    target.kill();
    hook.close();
    await fixture.stop();
  });

  it('is REGRESSED at the first result after the change when a schedule started it, without being asked', async () => {
    const schedules = createScheduleClient(fixture.connection.client);
    const work = {
      workflowType: BENCHMARK_WORKFLOW_TYPE,
      summary: '',
      details: '',
      configHash: 'x',
      executionTimeoutMs: HOUR_MS,
    };
    await schedules.create({
      name: 'nightly',
      timing: {
        firing: { kind: 'every', everyMs: HOUR_MS, offsetMs: 0 },
        timeZone: 'UTC',
        jitterMs: 0,
      },
      policies: { overlap: 'buffer-one', catchUpMs: 600_000, pauseOnFailure: true },
      work: { ...work, raw: input(false) },
      paused: false,
      note: '',
    });
    await schedules.trigger('nightly');
    const id = await waitFor('the schedule has started one', async () => {
      const { taken } = await schedules.describe('nightly');
      return taken[0]?.benchmarkId;
    });
    const end = await benchmarks.result(id);
    assert.equal(end.kind, 'completed');
    assert.equal(end.outcome.verdict, 'REGRESSED');
    const p50 = end.outcome.regression?.regressions.find(({ metric }) => metric === 'latencyP50Us');
    assert.equal(p50?.firstBenchmarkId, id);
    assert.equal(p50.lastGoodBenchmarkId, `unary-${EARLIER_RESULTS}`);
    assert.ok((p50.magnitude ?? 0) > 1, `${p50.magnitude}`);
    assert.equal((await schedules.describe('nightly')).paused, false);
    const listed = await waitFor('it is listed with its verdict', async () =>
      (await benchmarks.list()).find((item) => item.benchmarkId === id && item.verdict !== null),
    );
    assert.equal(listed.verdict, 'REGRESSED');
  });

  it('ends FAILED where that is wanted, keeps its result, and tells a program and a web address that first was busy', async () => {
    const seen = join(fixture.directory, 'seen.json');
    const program = join(fixture.directory, 'program.mjs');
    await writeFile(
      program,
      `import { readFileSync, writeFileSync } from 'node:fs'; writeFileSync(process.argv[2], readFileSync(0));`,
    );
    const address = hook.address() as AddressInfo; // it listens on TCP
    const id = `stream-${EARLIER_RESULTS + 1}`;
    const end = await measure(id, {
      ...input(true),
      failOnRegression: true,
      notify: `${process.execPath} ${program} ${seen}`,
      notifyWebhook: `http://127.0.0.1:${address.port}/hook`,
    });
    assert.equal(end.kind, 'failed');
    assert.equal(end.code, 'regressed');
    assert.match(end.message, new RegExp(`worse since ${id}`));
    assert.equal(end.outcome?.verdict, 'REGRESSED');
    assert.ok(existsSync(end.outcome.report.path));
    const told = JSON.parse(readFileSync(seen, 'utf8')) as {
      benchmarkId: string;
      markdown: string;
    }; // as sent
    assert.equal(told.benchmarkId, id);
    assert.match(told.markdown, /^\*\*REGRESSED\*\* .*\n\n- /);
    assert.equal(posted.length, 2);
    assert.deepEqual(JSON.parse(posted[1] ?? ''), told);
    assert.equal(existsSync(join(process.cwd(), 'pwned')), false);
  });
});
