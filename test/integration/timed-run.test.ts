// What a run measures, held against what the embedded target was told to take. Two runs of the same minute are held against
// each other, so that the lateness of the machine cancels out; the times as such are test/truth's, on an idle machine.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { executeRun } from '../../src/harness/execute-run.ts';
import { gateStatus, runPlan } from '../support/run-plans.ts';

const directory = mkdtempSync(join(tmpdir(), 'loombench-timed-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const TRIES = 5;

/** The calls of a run and those of one whose LLM is slower. */
type Pair = readonly [RunMeasurement, RunMeasurement];

/** A pair within the bounds shows what the code can do; a few tries are for whatever else the machine has to do. */
async function timed(
  plans: readonly [RunPlan, RunPlan],
  differenceMs: (pair: Pair) => Record<string, readonly [measured: number, off: number]>,
): Promise<Pair> {
  const signal = new AbortController().signal;
  const execute = (plan: RunPlan) =>
    executeRun(plan, { directory, signal, onProgress: () => undefined });
  const seen: string[] = [];
  while (seen.length < TRIES) {
    const pair = [await execute(plans[0]), await execute(plans[1])] as const;
    const figures = differenceMs(pair);
    if (Object.values(figures).every(([, off]) => off <= 0)) return pair;
    seen.push(JSON.stringify(figures));
  }
  return assert.fail(seen.join('; '));
}

/** A figure in ms with how far it is outside of its band: at most 0 when it is inside. */
function within(
  us: number,
  middleMs: number,
  toleranceMs: number,
): readonly [measured: number, off: number] {
  const ms = us / 1000;
  // No figure is a miss, too.
  return [ms, Number.isNaN(ms) ? Infinity : Math.abs(ms - middleMs) - toleranceMs];
}

const p50 = (summary: { readonly p50Us: number | null } | undefined): number =>
  summary?.p50Us ?? NaN;

describe('the time that a run measures', () => {
  it('grows by 25 ms from an LLM of 10 ms + U(0,5) ms to one of 30 ms + U(0,15) ms, over more than 1000 calls', async () => {
    const planOf = (baseLatencyMs: number, jitterMs: number, durationMs: number): RunPlan =>
      runPlan({ durationMs, llm: { baseLatencyMs, jitterMs } }, { perRunWarmupMs: 1000 });
    const [measured, slower] = await timed(
      [planOf(10, 5, 3500), planOf(30, 15, 3000)],
      ([quick, slow]) => ({
        shift: within(p50(slow.latency) - p50(quick.latency), 37.5 - 12.5, 2.5),
      }),
    );
    assert((slower.latency.minUs ?? 0) >= 30_000, `min ${slower.latency.minUs} µs`);
    assert(measured.latency.n > 1000, `${measured.latency.n} calls`);
    assert((measured.latency.minUs ?? 0) >= 10_000, `min ${measured.latency.minUs} µs`);
    const { issued, ok } = measured.calls;
    assert.deepEqual(measured.calls, { issued, ok: issued, degraded: 0, errors: 0, incomplete: 0 });
    assert.equal(measured.target?.rpcsReceived, ok);
    assert.equal(measured.target.maxConcurrentRpcs, 10);
    const law = measured.littlesLaw?.relativeError ?? NaN;
    assert(law <= 0.01, `N is off X R by ${law}`);
    for (const gate of ['G5', 'G6', 'G7']) assert.equal(gateStatus(measured, gate), 'pass', gate);
  });

  it('is that of the first token and of the whole of a stream as the target paces them', async () => {
    const planOf = (baseLatencyMs: number): RunPlan =>
      runPlan({
        concurrency: 2,
        totalRequests: 40,
        useStreaming: true,
        llm: {
          baseLatencyMs,
          responseText: 'x'.repeat(210),
          streamChunkSize: 10,
          streamChunkDelayMs: 5,
        },
      });
    const first = ({ streams }: RunMeasurement): number => p50(streams?.timeToFirstToken);
    const pair = await timed([planOf(10), planOf(30)], ([quick, slow]) => ({
      shift: within(first(slow) - first(quick), 20, 3),
      rest: within(p50(slow.latency) - first(slow), 100, 5),
    }));
    for (const { calls } of pair) assert.equal(calls.ok, 40);
  });
});
