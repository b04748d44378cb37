// A server that goes away and comes back, twice, in the middle of a load, and one that lets no connection grow old: every
// started call is in exactly one class, and the load goes on.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { EngineName } from '../../../src/contract/config.ts';
import { generateLoad } from '../../../src/harness/generate-load.ts';
import { rawResults } from '../../../src/harness/recording/raw-results.ts';
import { callCounts } from '../../../src/harness/recording/recorded-run.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';
import { startHandlerServer, type HandlerServer } from '../../support/handler-server.ts';
import { harnessConfig, loadPlan } from '../../support/run-plans.ts';
import { waitFor } from '../../support/wait-for.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

class RestartingServer {
  answered = 0;
  address = '127.0.0.1:0';
  #server: HandlerServer | null = null;

  async start(): Promise<void> {
    this.#server = await startHandlerServer(
      {
        version: 'v1',
        weave: (_call, answer) => {
          this.answered += 1;
          setTimeout(() => answer(null, { text: 'a', cost: { llmCost: { totalTokens: 1 } } }), 5);
        },
      },
      this.address,
    );
    this.address = this.#server.address;
  }

  kill(): void {
    this.#server?.kill();
    this.#server = null;
  }
}

const CONCURRENCY = 20;

/** From before a server is killed until the load is back on the next one. */
interface Gap {
  readonly fromNs: number;
  readonly toNs: number;
}

async function loadOverRestarts(engine: EngineName): Promise<void> {
  const server = new RestartingServer();
  await server.start();
  cleanups.push(() => server.kill());
  const stop = new AbortController();
  const harness = harnessConfig({
    serverAddr: server.address,
    engine,
    concurrency: CONCURRENCY,
    durationMs: 60_000,
  });
  const plan = loadPlan(harness);
  const clock = createMonotonicClock(plan.originNs);
  const gaps: Gap[] = [];
  let errors = 0;
  const load = generateLoad(plan, {
    signal: stop.signal,
    onProgress: (progress) => (errors = progress.errors),
  });
  const answersMore = (): Promise<unknown> => {
    const before = server.answered;
    return waitFor('the load is back', () => server.answered > before + 200, 5000);
  };
  await answersMore();
  for (let restart = 0; restart < 2; restart += 1) {
    const fromNs = clock.nowNs();
    server.kill();
    const failed = errors;
    await waitFor('the gap shows as errors', () => errors > failed, 5000);
    await server.start();
    await answersMore();
    gaps.push({ fromNs, toNs: clock.nowNs() });
    await answersMore();
  }
  stop.abort();
  const { recorded, drive, connection } = await load;
  const counts = callCounts(recorded.callsByClass, recorded.sawLlmOutput);
  assert.equal(counts.issued, drive.issued);
  assert.equal(counts.ok + counts.degraded + counts.errors + counts.incomplete, drive.issued);
  assert.ok(server.answered >= 600, `${server.answered} answered`);
  assert.ok(counts.ok <= server.answered);
  // Answers that were on their way when a server was killed, twice, or the load was stopped.
  assert.ok(counts.ok >= server.answered - 3 * CONCURRENCY, `${counts.ok} ok`);
  const failedOutside = rawResults(recorded)
    .filter(({ outcome }) => outcome === 'error')
    .map(({ startedAtNs, latencyNs }) => startedAtNs + latencyNs)
    .filter((endNs) => !gaps.some(({ fromNs, toNs }) => endNs >= fromNs && endNs <= toNs));
  assert.deepEqual(failedOutside, [], 'only the gaps show');
  assert.ok(counts.errors > 0, 'the gaps show');
  assert.ok(connection.reconnects >= 2, `${connection.reconnects} reconnects`);
  const { strayEvents, backwardClock } = recorded.anomalies;
  assert.deepEqual({ strayEvents, backwardClock }, { strayEvents: 0, backwardClock: 0 });
}

describe('a server that restarts twice during a load', () => {
  for (const engine of ['wire', 'grpc-js'] as const) {
    it(`leaves every call accounted for and fails calls only while it is away, with ${engine}`, () =>
      loadOverRestarts(engine));
  }
});

const AGED_MS = 300;

async function loadOverAgeing(engine: EngineName): Promise<void> {
  let answered = 0;
  const server = await startHandlerServer({
    channel: { 'grpc.max_connection_age_ms': AGED_MS, 'grpc.max_connection_age_grace_ms': 5000 },
    weave: (_call, answer) => {
      setTimeout(() => {
        answered += 1;
        answer(null, { text: 'a', cost: { llmCost: { totalTokens: 1 } } });
      }, 5);
    },
  });
  cleanups.push(() => server.kill());
  const harness = harnessConfig({
    serverAddr: server.address,
    engine,
    connections: 1,
    concurrency: CONCURRENCY,
    durationMs: 5 * AGED_MS,
  });
  const { recorded, drive, connection } = await generateLoad(loadPlan(harness), {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const counts = callCounts(recorded.callsByClass, recorded.sawLlmOutput);
  assert.deepEqual(counts, {
    issued: drive.issued,
    ok: answered,
    degraded: 0,
    errors: drive.issued - answered,
    incomplete: 0,
  });
  assert.ok(connection.reconnects >= 2, `${connection.reconnects} reconnects`);
  // GOAWAY lets what is in flight end; what crosses it on the wire was never looked at and may fail.
  assert.ok(counts.errors <= CONCURRENCY * connection.reconnects, `${counts.errors} errors`);
  assert.ok(counts.ok > CONCURRENCY, `${counts.ok} ok`);
}

describe('a server that ends its connections as they grow old', () => {
  for (const engine of ['wire', 'grpc-js'] as const) {
    it(`gets all that was started to an end, without a hang, with ${engine}`, () =>
      loadOverAgeing(engine));
  }
});
