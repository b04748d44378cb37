// A generator that stands still while calls are under way: what they took and how they ended is then its own doing, and the
// run has to say so.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { ENGINE_NAMES } from '../../src/contract/config.ts';
import type { ProcessSample } from '../../src/contract/resources.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { stallWarnings } from '../../src/harness/gates/generator-stall.ts';
import { startHandlerServer, type WeaveHandler } from '../support/handler-server.ts';
import { inProcessRun } from '../support/in-process-run.ts';
import { runPlan } from '../support/run-plans.ts';
import { processSample } from '../support/resource-samples.ts';

const TIMEOUT_MS = 200;
const BLOCKED_MS = 1000;
const CALLS = 4;

const directory = mkdtempSync(join(tmpdir(), 'loombench-blocked-'));
const cleanups: (() => void)[] = [];
after(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** Stands in the way of everything in this process, and so of the generator's loop, once. */
function blocksOnce(then: WeaveHandler): WeaveHandler {
  let isFirst = true;
  return (call, answer) => {
    if (isFirst) {
      isFirst = false;
      const untilMs = performance.now() + BLOCKED_MS;
      while (performance.now() < untilMs);
    }
    then(call, answer);
  };
}

async function measured(
  engine: (typeof ENGINE_NAMES)[number],
  requestTimeoutMs: number,
  weave: WeaveHandler,
): Promise<RunMeasurement> {
  const server = await startHandlerServer({ weave });
  cleanups.push(() => server.kill());
  return inProcessRun(
    runPlan({
      engine,
      serverAddr: server.address,
      connections: 1,
      concurrency: CALLS,
      totalRequests: CALLS,
      durationMs: 0,
      requestTimeoutMs,
    }),
    { directory, signal: new AbortController().signal, onProgress: () => undefined },
  );
}

describe('a loop that is blocked for a second while calls with a deadline of 200 ms are under way', () => {
  for (const engine of ENGINE_NAMES) {
    it(`ends each with DEADLINE_EXCEEDED and the second that it took with ${engine}, and the run warns of the stall`, async () => {
      const run = await measured(
        engine,
        TIMEOUT_MS,
        blocksOnce(() => undefined),
      );
      assert.deepEqual(run.statusCounts, [{ status: 'DEADLINE_EXCEEDED', count: CALLS }]);
      const failed = run.histograms.find(
        ({ kind, outcome }) => kind === 'service' && outcome === 'error',
      );
      assert.equal(failed?.count, CALLS);
      assert.ok((failed.minNs ?? 0) >= BLOCKED_MS * 1e6, `${failed.minNs} ns`);
      const warning = run.warnings.find(({ code }) => code === 'generator-stalled');
      const [, stoodMs = ''] = /stood still for up to (\d+) ms/.exec(warning?.message ?? '') ?? [];
      // The loop's own timer may have had some of its period to go.
      assert.ok(Number(stoodMs) >= 0.95 * BLOCKED_MS, warning?.message);
    });
  }
});

describe('a loop that is blocked for a second by the last calls of a load', () => {
  it('is warned of although every call is answered in time', async () => {
    const server = blocksOnce((_call, answer) => answer(null, { text: 'hi' }));
    const run = await measured('wire', 30_000, server);
    assert.deepEqual(run.statusCounts, [{ status: 'OK', count: CALLS }]);
    assert.ok(run.warnings.some(({ code }) => code === 'generator-stalled'));
  });
});

describe('the warning of a generator that stood still', () => {
  const stood = (...delaysMs: (number | null)[]): ProcessSample[] =>
    delaysMs.map((ms) =>
      processSample({ eventLoopDelayMaxUs: ms === null ? null : Math.round(ms * 1000) }),
    );
  const told = (timeoutMs: number, ...delaysMs: (number | null)[]): string | undefined =>
    stallWarnings(stood(...delaysMs), timeoutMs)[0]?.message;

  it('names the longest stall and in how many seconds there was one, also where the median second had none', () => {
    assert.match(
      told(30_000, 3, 4, 1001.4, 3, 250, 2) ?? '',
      /for up to 1001 ms .* 2 of 6 seconds/,
    );
  });

  it('comes above 100 ms, or above the deadline of a call where that is shorter, but not for a hiccup of 10 ms', () => {
    assert.equal(told(30_000, 100, 99), undefined);
    assert.notEqual(told(30_000, 100.1), undefined);
    assert.equal(told(50, 50), undefined);
    assert.notEqual(told(50, 50.1), undefined);
    assert.equal(told(1, 10), undefined);
    assert.notEqual(told(1, 10.1), undefined);
  });

  it('needs a second that was looked at', () => {
    assert.equal(told(1, null), undefined);
    assert.equal(told(1), undefined);
  });
});
