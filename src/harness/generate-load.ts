// One run's load, inside the generator: connect and ask before the clock starts, drive, and hand over what was seen.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { BenchmarkError } from '../contract/failure.ts';
import type { GcPause, ProcessSample } from '../contract/resources.ts';
import type { ConnectionFacts } from '../contract/run-result.ts';
import type { RunProgress } from '../contract/run-plan.ts';
import { GcLog } from '../runtime/gc-log.ts';
import { temporaryBeside } from '../runtime/atomic-file.ts';
import { createMonotonicClock, type MonotonicClock } from '../runtime/monotonic-clock.ts';
import { ResourceSampler } from '../runtime/resource-sampler.ts';
import { planLoad, type LoadLimit, type PlannedLoad } from './arrivals/load-model.ts';
import { callTemplates, sessionOfRun } from './call-templates.ts';
import { createEngine } from './engines/create-engine.ts';
import type { Engine } from './engines/engine.ts';
import type { LoadPlan } from './generator-protocol.ts';
import { LoadDriver, type DriveResult } from './load-driver.ts';
import { ThreadAlarm } from './pacing/thread-alarm.ts';
import { CallRecorder } from './recording/call-recorder.ts';
import { RawSpool, type SpooledRows } from './recording/raw-spool.ts';
import type { RecordedRun } from './recording/recorded-run.ts';
import type { TrimRule } from './recording/trim-rule.ts';

export interface GeneratorHealth {
  /** Seconds counted from the run's origin. */
  readonly samples: readonly ProcessSample[];
  readonly gcPauses: readonly GcPause[];
  /** Wall clock against monotonic clock over the load: more than a little means that the host slept or the clock was set. */
  readonly clockDriftMs: number;
  readonly heapLimitBytes: number;
  /** null where the platform does not say. */
  readonly swapBytes: number | null;
}

export interface LoadOutcome {
  readonly recorded: RecordedRun;
  readonly drive: DriveResult;
  readonly offeredRps: number | null;
  readonly connection: ConnectionFacts;
  /** What GetHealth said; null when the server does not implement it. */
  readonly serverVersion: string | null;
  readonly startedAtUtc: string;
  readonly health: GeneratorHealth;
  /** Every call's row, when the run is to keep them; empty otherwise. */
  readonly spools: readonly SpooledRows[];
}

export interface LoadHooks {
  readonly signal: AbortSignal;
  onProgress(progress: RunProgress): void;
}

const PROGRESS_INTERVAL_MS = 500;
/** In the run's directory: its calls, one by one. */
export const CALLS_FILE = 'calls.arrow';
/** Measured calls kept in memory: 10 MB, after which the generator's memory does not grow with its calls. */
const MAX_RAW_VALUES = 250_000;
/** For the library's raw results, which live in memory. */
const MAX_RAW_RESULTS = 1_000_000;
/** Time to set the recorder up before the first call is due. */
const LEAD_NS = 50e6;
const TRIMMED_SHARE_OF_COUNT = 0.1;

/** Throws BenchmarkError 'target-unreachable', 'target-refused-plan', 'config-invalid' or 'not-supported'. */
export async function generateLoad(plan: LoadPlan, hooks: LoadHooks): Promise<LoadOutcome> {
  const { harness, originNs } = plan;
  if (harness.threads > 1) {
    throw new BenchmarkError(
      'not-supported',
      `This version generates load on one thread; asked for ${harness.threads}.`,
    );
  }
  const clock = createMonotonicClock(originNs);
  const load = planLoad({ ...harness, seed: scheduleSeed(plan) }, await replayText(plan));
  const engine = createEngine(harness, clock);
  const { model } = load;
  const alarm =
    model.kind === 'open' && model.pacing === 'timer' ? await ThreadAlarm.start(clock) : null;
  try {
    hooks.onProgress(progressBefore(plan, 'connecting', clock));
    await engine.connect(harness.connectTimeoutMs);
    const health = await engine.health(harness.connectTimeoutMs);
    const outcome = await driveLoad({ plan, hooks, clock, load, engine, alarm });
    return { ...outcome, serverVersion: health?.version ?? null };
  } finally {
    await alarm?.close();
    await engine.close();
  }
}

/** Each run draws its own schedule: runs of one schedule would hide how much the schedule itself matters. */
function scheduleSeed({ harness, key }: LoadPlan): number {
  const run = 2 * key.index + (key.phase === 'warmup' ? 1 : 0);
  return (harness.seed + Math.imul(run, 0x9e3779b1)) >>> 0;
}

/** A progress of a run that has no calls yet. */
export function progressBefore(
  plan: Pick<LoadPlan, 'key'>,
  stage: RunProgress['stage'],
  clock: MonotonicClock,
): RunProgress {
  return {
    phase: plan.key.phase,
    index: plan.key.index,
    stage,
    elapsedMs: clock.nowNs() / 1e6,
    completed: 0,
    errors: 0,
    inFlight: 0,
    recentRps: null,
    latencyP50Us: null,
    latencyP99Us: null,
    fraction: null,
  };
}

interface DriveInput {
  readonly plan: LoadPlan;
  readonly hooks: LoadHooks;
  readonly clock: MonotonicClock;
  readonly load: PlannedLoad;
  readonly engine: Engine;
  readonly alarm: ThreadAlarm | null;
}

async function driveLoad(input: DriveInput): Promise<Omit<LoadOutcome, 'serverVersion'>> {
  const { plan } = input;
  if (!plan.collect.histogram) return driveRecorded(input, null);
  const spool = await RawSpool.open(temporaryBeside(join(plan.directory, CALLS_FILE)));
  try {
    return await driveRecorded(input, spool);
  } catch (thrown) {
    await spool.discard();
    throw thrown;
  }
}

async function driveRecorded(
  input: DriveInput,
  spool: RawSpool | null,
): Promise<Omit<LoadOutcome, 'serverVersion'>> {
  const { plan, hooks, clock, load, engine, alarm } = input;
  const { harness } = plan;
  const sessionId = sessionOfRun(harness.sessionId, plan.embedded, plan.originNs);
  const templates = await callTemplates(harness, engine, sessionId);
  const driver = new LoadDriver({
    engine,
    clock,
    load,
    templates: templates.length,
    graceMs: harness.graceMs,
    warmupMs: plan.perRunWarmupMs,
    ...(alarm === null ? {} : { alarm: (_: MonotonicClock, wake: () => void) => alarm.for(wake) }),
    signal: hooks.signal,
  });
  const { useStreaming: streaming, requestTimeoutMs: timeoutMs, metadata } = harness;
  engine.prepare({ streaming, timeoutMs, metadata, templates, slots: load.slots }, driver);
  const sampler = new ResourceSampler({ clock });
  const gcLog = new GcLog(clock);
  const loadStartNs = clock.nowNs() + LEAD_NS;
  const recorder = new CallRecorder({
    slots: load.slots,
    streaming,
    clock,
    loadStartNs,
    trim: trimRule(load.limit, plan.perRunWarmupMs, loadStartNs),
    maxRawValues: plan.wantsRecording ? MAX_RAW_RESULTS : MAX_RAW_VALUES,
    onFinished: () => undefined,
    ...(spool === null ? {} : { rawSink: spool }),
  });
  sampler.start();
  gcLog.start();
  const wallBefore = pairClocks(clock);
  const ticker = setInterval(() => {
    hooks.onProgress(progressOf({ ...input, driver, recorder, loadStartNs }));
  }, PROGRESS_INTERVAL_MS);
  const drive = await driver.run(recorder, loadStartNs).finally(() => clearInterval(ticker));
  const clockDriftMs = pairClocks(clock) - wallBefore;
  const recorded = recorder.finish();
  return {
    recorded,
    spools: spool === null ? [] : [await spool.close()],
    drive,
    offeredRps: load.model.kind === 'open' ? load.model.offeredRps : null,
    connection: engine.facts(),
    startedAtUtc: new Date(wallBefore + loadStartNs / 1e6).toISOString(),
    health: {
      samples: sampler.stop(),
      gcPauses: await gcLog.stop(),
      clockDriftMs,
      heapLimitBytes: getHeapStatistics().heap_size_limit,
      swapBytes: await ownSwapBytes(),
    },
  };
}

/** Wall time at the clock's origin, ms; two of them differ when one of the clocks jumped. */
function pairClocks(clock: MonotonicClock): number {
  return Date.now() - clock.nowNs() / 1e6;
}

function trimRule(limit: LoadLimit, perRunWarmupMs: number, loadStartNs: number): TrimRule {
  if (limit.kind === 'duration') {
    const startNs = loadStartNs + perRunWarmupMs * 1e6;
    return { kind: 'duration', startNs, endNs: loadStartNs + limit.endNs };
  }
  if (perRunWarmupMs === 0) return { kind: 'none' };
  return { kind: 'count', firstIndex: Math.floor(limit.calls * TRIMMED_SHARE_OF_COUNT) };
}

interface ProgressInput extends DriveInput {
  readonly driver: LoadDriver;
  readonly recorder: CallRecorder;
  readonly loadStartNs: number;
}

function progressOf(input: ProgressInput): RunProgress {
  const { plan, clock, load, driver, recorder, loadStartNs } = input;
  const nowNs = clock.nowNs();
  const { stage } = driver.snapshot();
  const seen = recorder.progress(nowNs);
  const { limit } = load;
  const fraction =
    limit.kind === 'count'
      ? seen.completed / limit.calls
      : Math.max(0, nowNs - loadStartNs) / limit.endNs;
  return {
    phase: plan.key.phase,
    index: plan.key.index,
    stage,
    elapsedMs: Math.max(0, nowNs - loadStartNs) / 1e6,
    ...seen,
    fraction: Math.min(1, fraction),
  };
}

async function replayText(plan: LoadPlan): Promise<string | null> {
  const { arrival } = plan.harness;
  if (arrival.kind !== 'replay') return null;
  return readFile(arrival.path, 'utf8').catch((thrown: unknown) => {
    throw new BenchmarkError(
      'config-invalid',
      `The schedule file ${arrival.path} cannot be read.`,
      { cause: thrown },
    );
  });
}

async function ownSwapBytes(): Promise<number | null> {
  const text = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kilobytes = /^VmSwap:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
