// Runs of which little or nothing can be computed, from real calls to every form of a report: what is not there is null and
// shown as such. No NaN, no Infinity, no sentinel of an empty minimum.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { reportSchema } from '../../src/artifacts/report-schema.ts';
import { REPORT_FORMATS } from '../../src/contract/report-format.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { summarizeRuns } from '../../src/harness/summarize-runs.ts';
import { toJson } from '../../src/report/to-json.ts';
import { render } from '../report/read-documents.ts';
import { NO_LATENCY, sampleReport, storedRun } from '../report/sample-report.ts';
import { startHandlerServer, type Handlers } from '../support/handler-server.ts';
import { judgedInProcessRun } from '../support/in-process-run.ts';
import { gateStatus, runPlan, type HarnessChanges } from '../support/run-plans.ts';

const WORKERS = 4;

const directory = mkdtempSync(join(tmpdir(), 'loombench-empty-'));
const cleanups: (() => void)[] = [];
after(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

async function measured(
  answerAfterMs: number | null,
  changes: HarnessChanges,
): Promise<RunMeasurement> {
  const weave: Handlers['weave'] = (_call, answer) => {
    if (answerAfterMs !== null) setTimeout(() => answer(null, { text: 'hi' }), answerAfterMs);
  };
  const server = await startHandlerServer({ weave });
  cleanups.push(() => server.kill());
  const plan = runPlan({ serverAddr: server.address, concurrency: WORKERS, ...changes });
  const signal = new AbortController().signal;
  return judgedInProcessRun(plan, { directory, signal, onProgress: () => undefined });
}

/** Where a value holds a number that JSON cannot carry, or one that nothing in such a run can be. */
function unfit(value: unknown, path = ''): string[] {
  if (typeof value === 'number') {
    return Number.isFinite(value) && Math.abs(value) < 1e13 ? [] : [`${path} = ${value}`];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => unfit(inner, `${path}.${key}`));
}

/** As JSON and as every other form, once and over two runs. */
function assertFit(run: RunMeasurement): void {
  assert.deepEqual(unfit(run), []);
  const runs = [1, 2].map((index) => ({ ...storedRun(index), measurement: run }));
  const summary = summarizeRuns({
    config: sampleReport().config,
    runs,
    failedRuns: [],
    expectedRuns: runs.length,
  });
  const json = toJson(sampleReport({ ...summary, runs }));
  reportSchema.parse(json);
  assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
  assert.ok(json.loombench.warnings.every(({ code }) => code !== 'figure-not-finite'));
  for (const format of REPORT_FORMATS) {
    const text = render(format, { ...summary, runs });
    assert.doesNotMatch(text, /\b(NaN|Infinity|undefined)\b|9007199254740991|1\.797\d*e\+?308/);
  }
}

describe('a run of 200 ms', () => {
  it('has finite figures, and the note that it was too short for firm ones', async () => {
    const run = await measured(5, { durationMs: 200 });
    assert.ok(run.calls.ok > 0 && run.latency.n > 0);
    assert.ok((run.throughputRps ?? 0) > 0 && (run.latency.p99Us ?? 0) >= 4000);
    assert.equal(gateStatus(run, 'G10'), 'warn');
    assertFit(run);
  });

  it('that is over before its first call has ended has no rate to speak of, but the times of its calls', async () => {
    const run = await measured(300, { durationMs: 200 });
    assert.equal(run.calls.ok, WORKERS);
    assert.equal(run.latency.n, WORKERS);
    assert.equal(run.throughputRps, 0);
    assert.equal(gateStatus(run, 'G10'), 'warn');
    assertFit(run);
  });
});

describe('a run without a single latency', () => {
  it('has none, and errors alone, when every call is past its deadline', async () => {
    const run = await measured(50, { totalRequests: 40, durationMs: 0, requestTimeoutMs: 1 });
    assert.deepEqual(run.windowCalls, {
      issued: 40,
      ok: 0,
      degraded: 0,
      errors: 40,
      incomplete: 0,
    });
    assert.deepEqual(run.statusCounts, [{ status: 'DEADLINE_EXCEEDED', count: 40 }]);
    assert.deepEqual(run.latency, NO_LATENCY);
    assertFit(run);
    const [json] = toJson(sampleReport({ runs: [{ ...storedRun(1), measurement: run }] })).runs;
    assert.deepEqual([json?.error_rate, json?.latency_p50_us], [1, null]);
  });

  it('has none, and no error rate either, when no call ends at all', async () => {
    const run = await measured(null, { durationMs: 50, graceMs: 50 });
    assert.equal(run.calls.incomplete, WORKERS);
    assert.deepEqual(run.latency, NO_LATENCY);
    assertFit(run);
    const [json] = toJson(sampleReport({ runs: [{ ...storedRun(1), measurement: run }] })).runs;
    assert.deepEqual([json?.error_rate, json?.latency_min_us], [null, null]);
  });

  it('has none in an open loop of streams either', async () => {
    const run = await measured(null, {
      durationMs: 50,
      graceMs: 50,
      useStreaming: true,
      requestTimeoutMs: 10,
      arrival: { kind: 'poisson', ratePerS: 100 },
    });
    assert.deepEqual([run.latency.n, run.streams?.timeToFirstToken.minUs], [0, null]);
    assertFit(run);
  });
});
