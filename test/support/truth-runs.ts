// Runs of known-truth experiments on real processes over loopback, and how their figures are held against theory.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { executeRun } from '../../src/harness/execute-run.ts';
import { Harness } from '../../src/harness/harness.ts';
import type { RawRun } from '../../src/harness/harness-report.ts';
import type { RawResult } from '../../src/harness/recording/raw-results.ts';
import type { Band } from './known-truth-bands.ts';
import { harnessConfig, runPlan, type HarnessChanges } from './run-plans.ts';

/** Late timers, the network and this tool: what a response may exceed its law by, one-sided. */
export const SHIFT_MS = 1.5;

const directory = mkdtempSync(join(tmpdir(), 'loombench-truth-'));
after(() => rmSync(directory, { recursive: true, force: true }));

export function truthRun(
  harness: HarnessChanges,
  perRunWarmupMs = 0,
  onProgress: Parameters<typeof executeRun>[1]['onProgress'] = () => undefined,
): Promise<RunMeasurement> {
  const signal = new AbortController().signal;
  return executeRun(runPlan(harness, { perRunWarmupMs }), { directory, signal, onProgress });
}

/** As `truthRun`, with every call. */
export async function rawTruthRun(changes: HarnessChanges): Promise<RawRun> {
  const harness = new Harness(harnessConfig(changes));
  await harness.setup();
  try {
    const run = await harness.runRaw();
    assert(run.complete);
    return run;
  } finally {
    await harness.teardown();
  }
}

/** Holds the figure against its band and says both, so that a nightly log shows how near it was. */
export function inBand(t: TestContext, what: string, ms: number | null, [low, high]: Band): void {
  const said = `${what}: ${(ms ?? NaN).toFixed(3)} in ${low.toFixed(3)} … ${high.toFixed(3)}`;
  t.diagnostic(said);
  assert(ms !== null && ms >= low && ms <= high, said);
}

export function msOf(us: number | null | undefined): number {
  return (us ?? NaN) / 1000;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Nearest rank. */
export function rank(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(p * sorted.length) - 1] ?? NaN;
}

export function byIntendedStart(results: readonly RawResult[]): readonly RawResult[] {
  return [...results].sort((a, b) => a.intendedNs - b.intendedNs);
}

export function responseMs({ intendedNs, startedAtNs, latencyNs }: RawResult): number {
  return (startedAtNs + latencyNs - intendedNs) / 1e6;
}

/** Never early, and late by far less than a timer: a timer for the most of it, then turns of the loop. */
export function at(deadlineNs: bigint, then: () => void): void {
  const leftMs = Number(deadlineNs - process.hrtime.bigint()) / 1e6;
  if (leftMs <= 0) then();
  else if (leftMs > 3) setTimeout(() => at(deadlineNs, then), leftMs - 2);
  else setImmediate(() => at(deadlineNs, then));
}
