// The machine's wall clock is set during a load. Nothing measured may notice: times are those of the monotonic clock.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, mock } from 'node:test';
import { ENGINE_NAMES } from '../../src/contract/config.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { inProcessRun } from '../support/in-process-run.ts';
import { runPlan } from '../support/run-plans.ts';
import { startTarget } from '../support/target-fixture.ts';

const HOUR_MS = 3_600_000;
const BASE_MS = 5;

const directory = mkdtempSync(join(tmpdir(), 'loombench-clock-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** A load by this process, whose wall clock is set by `stepMs` between its calls, with how long it took by the other clock. */
async function loadOverAStep(
  engine: (typeof ENGINE_NAMES)[number],
  stepMs: number,
): Promise<{ readonly run: RunMeasurement; readonly tookMs: number }> {
  const target = await startTarget({ baseLatencyMs: BASE_MS }, { llmConcurrencyLimit: 100 });
  const plan = runPlan({
    engine,
    serverAddr: target.address,
    concurrency: 4,
    totalRequests: 200,
    durationMs: 0,
  });
  const readWall = Date.now.bind(Date);
  const isSet = (): boolean => target.server.account().rpcsReceived >= 100;
  mock.method(Date, 'now', () => readWall() + (isSet() ? stepMs : 0));
  const startedMs = performance.now();
  try {
    const run = await inProcessRun(plan, {
      directory,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    assert.ok(isSet());
    return { run, tookMs: performance.now() - startedMs };
  } finally {
    mock.restoreAll();
    await target.stop();
  }
}

describe('a wall clock that is set in the middle of a load', () => {
  for (const engine of ENGINE_NAMES) {
    for (const [word, stepMs] of [
      ['back', -HOUR_MS],
      ['forward', HOUR_MS],
    ] as const) {
      it(`by an hour ${word} leaves every time of ${engine} what it was: none negative, none longer than the load`, async () => {
        const { run, tookMs } = await loadOverAStep(engine, stepMs);
        assert.equal(run.calls.ok, 200);
        const { minUs, meanUs, maxUs } = run.latency;
        for (const us of [minUs, meanUs, maxUs]) {
          assert.ok(us !== null && us >= BASE_MS * 1000 && us <= tookMs * 1000, `${us} µs`);
        }
        const { throughputRps } = run;
        assert.ok(throughputRps !== null && throughputRps >= 200 / (tookMs / 1000));
        assert.ok(throughputRps <= (4 * 1000) / BASE_MS);
      });
    }
  }
});
