// What befalls a run from outside, with real processes: a Loom-like server that is killed and started again twice, a peer that
// goes silent, a rate that nobody can serve. Every call that was started is in exactly one class, and the load is back soon.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { RunProgress } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { Harness } from '../../src/harness/harness.ts';
import { startEmbeddedTarget, type EmbeddedTarget } from '../../src/target/embedded-target.ts';
import { startHandlerServer } from '../support/handler-server.ts';
import { childrenRunning } from '../support/own-children.ts';
import { harnessConfig, type HarnessChanges, providerConfig } from '../support/run-plans.ts';
import { startRelay } from '../support/tcp-relay.ts';
import { waitFor } from '../support/wait-for.ts';

/** What a load must be back within when its server is. */
const BACK_WITHIN_MS = 5000;

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  assert.deepEqual(childrenRunning('-main.'), [], 'a process was left behind');
});

/** A run that goes on until it is told to stop. */
async function startRun(changes: HarnessChanges): Promise<{
  /** As last heard of. */
  readonly progress: () => RunProgress | null;
  readonly stop: () => Promise<RunMeasurement>;
}> {
  const harness = new Harness(harnessConfig({ durationMs: 120_000, ...changes }));
  cleanups.push(() => harness.teardown());
  await harness.setup();
  const stop = new AbortController();
  let last: RunProgress | null = null;
  const run = harness.runRaw({ signal: stop.signal, onProgress: (progress) => (last = progress) });
  return {
    progress: () => last,
    stop: async () => {
      stop.abort();
      return (await run).measurement;
    },
  };
}

const answered = (progress: RunProgress | null): number =>
  progress === null ? 0 : progress.completed - progress.errors;

function assertEachCallOnce({ calls, statusCounts }: RunMeasurement): void {
  const { issued, ok, degraded, errors, incomplete } = calls;
  assert.equal(ok + degraded + errors + incomplete, issued);
  const ended = statusCounts.reduce((sum, { count }) => sum + count, 0);
  assert.equal(ended, issued - incomplete);
}

describe('a Loom-like server that is killed and started again twice in a run', () => {
  it('leaves every call in one class, and the load is back within 5 s', async () => {
    let port = 0;
    const start = async (): Promise<EmbeddedTarget> => {
      const target = await startEmbeddedTarget(
        {
          llm: providerConfig({ baseLatencyMs: 5 }),
          llmConcurrencyLimit: 100,
          numAgents: 0,
          seed: 1,
          port,
        },
        { originNs: 0n, signal: new AbortController().signal, sampleResources: false },
      );
      port = Number(target.address.split(':').at(-1));
      cleanups.push(async () => {
        target.kill();
        await target.exited;
      });
      return target;
    };
    let target = await start();
    const run = await startRun({ serverAddr: target.address, concurrency: 20 });
    const isBack = (): Promise<unknown> => {
      const before = answered(run.progress());
      return waitFor(
        'the load is back',
        () => answered(run.progress()) > before + 100,
        BACK_WITHIN_MS,
      );
    };
    await waitFor('the load', () => answered(run.progress()) > 100);
    for (let restart = 0; restart < 2; restart += 1) {
      const failed = run.progress()?.errors ?? 0;
      target.kill();
      await target.exited;
      await waitFor('the gap shows as errors', () => (run.progress()?.errors ?? 0) > failed);
      target = await start();
      await isBack();
    }
    const measured = await run.stop();
    assertEachCallOnce(measured);
    assert.ok(measured.calls.ok > 300 && measured.calls.errors > 0);
    assert.equal(measured.connection.reconnects, 2);
    assert.deepEqual(measured.statusCounts.map(({ status }) => status).sort(), [
      'OK',
      'UNAVAILABLE',
    ]);
    // The last server counted what it received: no more than the calls of the whole run, and the last ones among them.
    const { rpcsReceived } = await target.account();
    assert.ok(rpcsReceived > 100 && rpcsReceived <= measured.calls.issued);
  });
});

describe('a peer that goes silent in a run', () => {
  it('costs each call its deadline and hangs none, and a run that is stopped then ends at once', async () => {
    const server = await startHandlerServer({
      weave: (_call, answer) => void setTimeout(() => answer(null, { text: 'hi' }), 5),
    });
    cleanups.push(() => server.kill());
    const relay = await startRelay(server.port);
    cleanups.push(() => relay.close());
    const run = await startRun({
      serverAddr: relay.address,
      concurrency: 4,
      requestTimeoutMs: 300,
    });
    await waitFor('the load', () => answered(run.progress()) > 50);
    relay.freeze();
    await waitFor(
      'deadlines are missed again and again',
      () => (run.progress()?.errors ?? 0) >= 12,
    );
    const measured = await run.stop();
    assertEachCallOnce(measured);
    assert.ok(measured.calls.incomplete <= 4, `${measured.calls.incomplete} incomplete`);
    assert.deepEqual(measured.statusCounts.map(({ status }) => status).sort(), [
      'DEADLINE_EXCEEDED',
      'OK',
    ]);
  });
});

describe('a rate of 10,000/s asked of a server that answers 100/s', () => {
  it('shows what was asked for, what came, and what was never sent', async () => {
    const server = await startHandlerServer({
      weave: (_call, answer) => void setTimeout(() => answer(null, { text: 'hi' }), 100),
    });
    cleanups.push(() => server.kill());
    const harness = new Harness(
      harnessConfig({
        serverAddr: server.address,
        arrival: { kind: 'constant', ratePerS: 10_000 },
        maxInFlight: 10,
        durationMs: 1000,
        graceMs: 500,
      }),
    );
    cleanups.push(() => harness.teardown());
    await harness.setup();
    const { measurement } = await harness.runRaw();
    assertEachCallOnce(measurement);
    assert.equal(measurement.offeredRps, 10_000);
    assert.ok((measurement.throughputRps ?? Infinity) <= 100, `${measurement.throughputRps}`);
    const { openLoop } = measurement;
    assert.ok(openLoop);
    assert.equal(openLoop.dueCalls, 10_000);
    assert.equal(openLoop.mostInFlight, 10);
    assert.equal(openLoop.sentCalls, measurement.calls.issued);
    assert.equal(openLoop.unsentCalls, 10_000 - openLoop.sentCalls);
    assert.ok(openLoop.sentCalls <= 160, `${openLoop.sentCalls} sent`);
    const codes = measurement.warnings.map(({ code }) => code);
    assert.ok(codes.includes('rate-missed') && codes.includes('in-flight-cap'), codes.join());
    assert.equal(measurement.verdict, 'INVALID');
  });
});

describe('a generator that stands still half of the time', () => {
  it('is said to be saturated, and the run is INVALID', async () => {
    const run = await startRun({
      arrival: { kind: 'constant', ratePerS: 100 },
      llm: { baseLatencyMs: 5 },
    });
    await waitFor('the load', () => answered(run.progress()) > 0);
    const [pid] = childrenRunning('generator-main');
    assert.ok(pid !== undefined);
    let stops = 0;
    const stopper = setInterval(() => {
      stops += 1;
      process.kill(pid, stops % 2 === 1 ? 'SIGSTOP' : 'SIGCONT');
    }, 200);
    await waitFor('some stops', () => stops >= 12);
    clearInterval(stopper);
    process.kill(pid, 'SIGCONT');
    const measured = await run.stop();
    assert.equal(measured.verdict, 'INVALID');
    assert.ok(measured.warnings.some(({ code }) => code === 'client_saturated'));
  });
});
