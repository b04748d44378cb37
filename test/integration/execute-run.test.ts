import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { tableFromIPC } from 'apache-arrow';
import { BenchmarkError } from '../../src/contract/failure.ts';
import type { RunPlan, RunProgress } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { executeRun } from '../../src/harness/execute-run.ts';
import { readRawLatencies } from '../../src/harness/raw-latency-file.ts';
import { inheritedNodeFlags, siblingModule } from '../../src/runtime/child-process.ts';
import { fails, startHandlerServer, type Handlers } from '../support/handler-server.ts';
import { childrenRunning, isAlive } from '../support/own-children.ts';
import { gateStatus, runPlan, type HarnessChanges } from '../support/run-plans.ts';
import { startRelay } from '../support/tcp-relay.ts';

const directory = mkdtempSync(join(tmpdir(), 'loombench-run-'));
const cleanups: (() => void)[] = [];

after(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  assert.deepEqual(childrenRunning('-main.'), [], 'a process was left behind');
});

interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

function execute(plan: RunPlan, watch: Watch = {}): Promise<RunMeasurement> {
  return executeRun(plan, {
    directory,
    signal: watch.signal ?? new AbortController().signal,
    onProgress: (progress) => watch.onProgress?.(progress),
  });
}

async function serve(handlers: Handlers): Promise<string> {
  const server = await startHandlerServer(handlers);
  cleanups.push(() => server.kill());
  return server.address;
}

function run(harness: HarnessChanges): Promise<RunMeasurement> {
  return execute(runPlan(harness));
}

function statusCount(measured: RunMeasurement, name: string): number {
  return measured.statusCounts.find((entry) => entry.status === name)?.count ?? 0;
}

describe('a run against an embedded target', () => {
  it('sends 1000 calls when 1000 are asked for, none shorter than the LLM', async () => {
    const measured = await run({ totalRequests: 1000, llm: { baseLatencyMs: 10, jitterMs: 5 } });
    assert.deepEqual(measured.calls, {
      issued: 1000,
      ok: 1000,
      degraded: 0,
      errors: 0,
      incomplete: 0,
    });
    assert.equal(measured.latency.n, 1000);
    assert((measured.latency.minUs ?? 0) >= 10_000, `min ${measured.latency.minUs} µs`);
    assert.equal(measured.target?.rpcsReceived, 1000);
    assert.equal(measured.target.maxConcurrentRpcs, 10);
  });

  it('counts injected errors exactly as the target does, inside the binomial band', async () => {
    const measured = await run({
      concurrency: 50,
      totalRequests: 10_000,
      llm: { errorRate: 0.3, errorMode: 'status' },
    });
    const { errors } = measured.calls;
    assert(errors >= 2850 && errors <= 3151, `${errors} errors`);
    assert.equal(measured.target?.rpcsByStatus['INTERNAL'], errors);
    assert.equal(measured.target.llmErrors, errors);
    assert.equal(statusCount(measured, 'INTERNAL'), errors);
    assert.equal(gateStatus(measured, 'G7'), 'pass');
    assert.equal(gateStatus(measured, 'G13'), 'pass');
  });

  it('reports Loom-like apologies as degraded, not as errors and not as ok', async () => {
    const measured = await run({ totalRequests: 200, llm: { errorRate: 1 } });
    assert.equal(measured.calls.degraded, 200);
    assert.equal(measured.latency.n, 0);
    assert.equal(measured.latency.p50Us, null);
  });

  it('stops within the duration and its drain, without errors at the end', async () => {
    const measured = await run({
      concurrency: 4,
      durationMs: 2000,
      llm: { baseLatencyMs: 1500 },
      graceMs: 5000,
    });
    assert.deepEqual(measured.calls, { issued: 8, ok: 8, degraded: 0, errors: 0, incomplete: 0 });
  });

  it('counts what the grace does not see end as incomplete, outside the errors', async () => {
    const measured = await run({
      concurrency: 4,
      durationMs: 500,
      llm: { baseLatencyMs: 60_000 },
      graceMs: 300,
    });
    assert.deepEqual(measured.calls, { issued: 4, ok: 0, degraded: 0, errors: 0, incomplete: 4 });
    assert.equal(gateStatus(measured, 'G9'), 'warn');
  });

  it('sends exactly n calls when n is below the concurrency', async () => {
    const measured = await run({ concurrency: 10, totalRequests: 3 });
    assert.equal(measured.calls.issued, 3);
    assert.equal(measured.target?.rpcsReceived, 3);
  });

  it('keeps 45 calls in flight at most', async () => {
    const measured = await run({ concurrency: 45, totalRequests: 900, llm: { baseLatencyMs: 5 } });
    assert.equal(measured.target?.maxConcurrentRpcs, 45);
  });

  it('reports all calls past their deadline as errors, with no latencies and valid JSON', async () => {
    const measured = await run({
      concurrency: 5,
      totalRequests: 50,
      requestTimeoutMs: 1,
      llm: { baseLatencyMs: 50 },
    });
    assert.equal(measured.calls.errors, 50);
    assert.equal(measured.latency.n, 0);
    assert.equal(measured.latency.p99Us, null);
    assert.equal(statusCount(measured, 'DEADLINE_EXCEEDED'), 50);
    // JSON would make null of NaN, which is not equal.
    assert.deepEqual(JSON.parse(JSON.stringify(measured)), measured);
  });

  it('spreads calls evenly over the agents', async () => {
    const measured = await run({ totalRequests: 60, numAgents: 3 });
    assert.deepEqual(Object.values(measured.target?.callsByAgent ?? {}), [20, 20, 20]);
  });

  it('leaves its calls in a checked Arrow file, from which the raw latencies are read', async () => {
    const measured = await run({ totalRequests: 100 });
    assert(measured.raw !== null);
    const content = readFileSync(measured.raw.file.path);
    assert.equal(createHash('sha256').update(content).digest('hex'), measured.raw.file.sha256);
    const table = tableFromIPC(content);
    assert.equal(table.numRows, 100);
    assert.deepEqual([measured.raw.values, measured.raw.complete], [100, true]);
    assert.deepEqual(readdirSync(directory), [basename(measured.raw.file.path)]);
    const values = (await readRawLatencies(measured)) ?? [];
    assert.equal(values.length, 100);
    assert.deepEqual(
      [...values].sort((a, b) => a - b),
      values,
    );
    assert.equal(values.at(-1), measured.latency.maxUs);
  });

  it('sends exactly n calls over several threads, in one report and one file', async () => {
    const measured = await run({ concurrency: 7, totalRequests: 1001, threads: 3, numAgents: 3 });
    assert.equal(measured.calls.ok, 1001);
    assert.equal(measured.target?.rpcsReceived, 1001);
    assert.equal(measured.latency.n, 1001);
    assert.equal(measured.connection.threads, 3);
    assert.equal(measured.connection.connections, 3);
    assert.deepEqual(Object.values(measured.target.callsByAgent).sort(), [333, 334, 334]);
    assert.equal(gateStatus(measured, 'G7'), 'pass');
    assert(measured.raw !== null);
    const table = tableFromIPC(readFileSync(measured.raw.file.path));
    assert.equal(table.numRows, 1001);
    assert.deepEqual(readdirSync(directory), [basename(measured.raw.file.path)]);
  });

  it('sends an open loop over several threads with the calls of its schedule', async () => {
    const measured = await run({
      durationMs: 500,
      threads: 2,
      arrival: { kind: 'constant', ratePerS: 400 },
    });
    assert.equal(measured.calls.issued, 200);
    assert.equal(measured.offeredRps, 400);
    assert.equal(measured.target?.rpcsReceived, 200);
  });

  it('sends an open loop at its rate, with response and service time side by side', async () => {
    const measured = await run({
      durationMs: 2000,
      arrival: { kind: 'constant', ratePerS: 100 },
      llm: { baseLatencyMs: 5 },
    });
    assert.equal(measured.calls.issued, 200);
    assert.equal(measured.offeredRps, 100);
    assert.equal(measured.latencyKind, 'response');
    assert((measured.responseTime.meanUs ?? 0) >= (measured.serviceTime.meanUs ?? Infinity));
    // A load that allocates next to nothing is not held up by the generator's own garbage collection.
    assert.equal(measured.resources?.generator.at(-1)?.num_gc, 0);
  });
});

describe('a run against a remote server', () => {
  it('counts a stream cut after three messages as an error that had three messages', async () => {
    const serverAddr = await serve({
      streamWeave: (call) => {
        for (let i = 1; i <= 3; i++) {
          call.write({ isTokenStream: true, partialContent: 'x'.repeat(i), tokenCount: i });
        }
        call.emit('error', fails(status.INTERNAL, 'cut'));
      },
    });
    const measured = await run({ serverAddr, useStreaming: true, totalRequests: 10 });
    assert.equal(measured.calls.errors, 10);
    assert.equal(measured.streams?.failedMessages, 30);
    assert(measured.streams.failedBytes > 0);
    assert.equal(measured.streams.failedTimeToFirstToken.n, 10);
    assert.equal(measured.streams.timeToFirstToken.n, 0);
    assert.equal(statusCount(measured, 'INTERNAL'), 10);
  });

  it('gives an empty OK stream no time to first token', async () => {
    const serverAddr = await serve({ streamWeave: (call) => void call.end() });
    const measured = await run({ serverAddr, useStreaming: true, totalRequests: 10 });
    assert.equal(measured.calls.degraded, 10);
    assert.equal(measured.streams?.emptyStreams, 10);
    assert.equal(measured.streams.timeToFirstToken.n, 0);
    assert.equal(statusCount(measured, 'OK'), 10);
  });

  it('refuses a server with fewer agents than asked for', async () => {
    const serverAddr = await serve({ agentPages: [['only-one']] });
    await assert.rejects(run({ serverAddr, numAgents: 2, totalRequests: 1 }), (thrown: unknown) => {
      assert(thrown instanceof BenchmarkError);
      assert.equal(thrown.code, 'target-refused-plan');
      assert.match(thrown.message, /1 agents.*2 asked/);
      return true;
    });
  });

  it('names the agents of the server in its calls', async () => {
    const called: string[] = [];
    const serverAddr = await serve({
      agentPages: [['a', 'b'], ['c']],
      weave: (call, answer) => {
        called.push(call.request.agentId);
        answer(null, { text: 'hi', cost: { llmCost: { totalTokens: 1 } } });
      },
    });
    await run({ serverAddr, numAgents: 3, totalRequests: 6, concurrency: 1 });
    assert.deepEqual(called, ['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('gives each run a session of its own under the name asked for', async () => {
    const sessions = new Set<string>();
    const serverAddr = await serve({
      weave: (call, answer) => {
        sessions.add(call.request.sessionId);
        answer(null, { text: 'hi' });
      },
    });
    await run({ serverAddr, sessionId: 'shared', totalRequests: 4 });
    await run({ serverAddr, sessionId: 'shared', totalRequests: 4 });
    assert.equal(sessions.size, 2);
    assert([...sessions].every((session) => session.startsWith('shared-')));
  });

  it('says that calls waited in the generator where the server allows fewer streams than workers', async () => {
    let inFlight = 0;
    let most = 0;
    const serverAddr = await serve({
      channel: { 'grpc.max_concurrent_streams': 10 },
      weave: (_call, answer) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        setTimeout(() => {
          inFlight -= 1;
          answer(null, { text: 'hi' });
        }, 20);
      },
    });
    const measured = await run({
      serverAddr,
      concurrency: 100,
      connections: 1,
      totalRequests: 300,
    });
    assert.equal(measured.calls.ok, 300);
    assert.equal(most, 10);
    const warning = measured.warnings.find(({ code }) => code === 'queued-in-client');
    assert.match(warning?.message ?? '', /waited in the generator .* 10 streams/);
    // The wait is the caller's: 100 workers on 10 places of 20 ms.
    assert((measured.latency.p50Us ?? 0) >= 150_000, `p50 ${measured.latency.p50Us} µs`);
  });

  it('fails on all threads when nobody answers, and leaves no file behind', async () => {
    await assert.rejects(
      run({ serverAddr: '127.0.0.1:1', connectTimeoutMs: 500, threads: 2 }),
      (error: unknown) => error instanceof BenchmarkError && error.code === 'target-unreachable',
    );
    assert(readdirSync(directory).every((name) => !name.startsWith('.')));
  });

  it('fails within the connect timeout when nobody answers, and says what it tried', async () => {
    const startedMs = performance.now();
    await assert.rejects(
      run({ serverAddr: '127.0.0.1:1', connectTimeoutMs: 500, totalRequests: 1 }),
      { code: 'target-unreachable', message: /127\.0\.0\.1:1.*500 ms.*ECONNREFUSED/s },
    );
    assert(performance.now() - startedMs < 10_000);
  });

  it('completes when the server dies for good in the middle, without a busy loop of failures', async () => {
    const server = await startHandlerServer({
      weave: (_call, answer) => void setTimeout(() => answer(null, { text: 'hi' }), 5),
    });
    cleanups.push(() => server.kill());
    const relay = await startRelay(server.port);
    cleanups.push(() => relay.close());
    const measured = await execute(
      runPlan({ serverAddr: relay.address, durationMs: 3000, connectTimeoutMs: 2000 }),
      { onProgress: (progress) => progress.completed > 100 && relay.cut() },
    );
    const { calls } = measured;
    assert.equal(calls.issued, calls.ok + calls.degraded + calls.errors + calls.incomplete);
    assert(calls.ok > 0 && calls.errors > 10, JSON.stringify(calls));
    assert(calls.errors < 4000, `${calls.errors} failures are a busy loop`);
    assert.equal(statusCount(measured, 'UNAVAILABLE'), calls.errors);
    assert.equal(measured.verdict, 'INVALID');
    assert(measured.warnings.some((warning) => warning.code === 'server-lost'));
  });

  it('is back within seconds when the server comes back', async () => {
    const server = await startHandlerServer({
      weave: (_call, answer) => void setTimeout(() => answer(null, { text: 'hi' }), 5),
    });
    cleanups.push(() => server.kill());
    const relay = await startRelay(server.port);
    cleanups.push(() => relay.close());
    let cut = false;
    const measured = await execute(runPlan({ serverAddr: relay.address, durationMs: 5000 }), {
      onProgress: (progress) => {
        if (cut || progress.completed < 50) return;
        cut = true;
        relay.cut();
        setTimeout(() => relay.restore(), 500);
      },
    });
    const last = measured.timeline?.at(4);
    assert.equal(last?.errors, 0);
    assert(last.requests > 100, JSON.stringify(last));
    assert.equal(measured.connection.reconnects, 1);
  });
});

describe('the end of a run that cannot end', () => {
  const long: HarnessChanges = { durationMs: 60_000, llm: { baseLatencyMs: 10 } };

  function whenLoading(then: () => void): (progress: RunProgress) => void {
    let done = false;
    return ({ stage, completed }) => {
      if (done || stage !== 'loading' || completed === 0) return;
      done = true;
      then();
    };
  }

  function kill(main: string): void {
    const pids = childrenRunning(main);
    assert.equal(pids.length, 1, `${main}: ${pids.join(', ')}`);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  }

  it('kills both processes when it is aborted', async () => {
    const abort = new AbortController();
    await assert.rejects(
      execute(runPlan(long), {
        signal: abort.signal,
        onProgress: whenLoading(() => abort.abort()),
      }),
      { code: 'run-cancelled' },
    );
    assert.deepEqual(childrenRunning('-main.'), []);
  });

  it('never starts when it is aborted before', async () => {
    await assert.rejects(execute(runPlan(long), { signal: AbortSignal.abort() }), {
      code: 'run-cancelled',
    });
  });

  it('says that the generator died and leaves no target behind', async () => {
    const onProgress = whenLoading(() => kill('generator-main'));
    await assert.rejects(execute(runPlan(long), { onProgress }), {
      code: 'generator-died',
      message: /SIGKILL/,
    });
    assert.deepEqual(childrenRunning('-main.'), []);
  });

  it('says that the target died and leaves no generator behind', async () => {
    const onProgress = whenLoading(() => kill('target-main'));
    await assert.rejects(execute(runPlan(long), { onProgress }), {
      code: 'target-died',
      message: /SIGKILL/,
    });
    assert.deepEqual(childrenRunning('-main.'), []);
  });

  it('leaves no process behind when its own process is killed', async () => {
    const script = siblingModule(import.meta.url, '../support/run-for-ever');
    const parent = spawn(process.execPath, [...inheritedNodeFlags(), script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    const children = childrenRunning('-main.');
    assert.equal(children.length, 2);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const giveUpAtMs = performance.now() + 10_000;
    while (children.some(isAlive)) {
      assert(performance.now() < giveUpAtMs, `still there: ${children.filter(isAlive).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
});
