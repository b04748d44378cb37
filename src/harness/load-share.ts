// What one thread does of a run: connects and asks before the clock starts, drives its share of the load, records it.

import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import type { GcPause, ProcessSample } from '../contract/resources.ts';
import type { ConnectionFacts } from '../contract/run-result.ts';
import { declaredSlo } from '../contract/slo.ts';
import { temporaryBeside } from '../runtime/atomic-file.ts';
import { GcLog } from '../runtime/gc-log.ts';
import type { MonotonicClock } from '../runtime/monotonic-clock.ts';
import { ResourceSampler } from '../runtime/resource-sampler.ts';
import type { PlannedLoad } from './arrivals/load-model.ts';
import { callTemplates, sessionOfRun } from './call-templates.ts';
import { createEngine } from './engines/create-engine.ts';
import type { Engine } from './engines/engine.ts';
import type { LoadPlan } from './generator-protocol.ts';
import { LoadDriver, type DriveResult } from './load-driver.ts';
import { LoadFence } from './load-fence.ts';
import { ThreadAlarm } from './pacing/thread-alarm.ts';
import { CallRecorder } from './recording/call-recorder.ts';
import type { RecordingProgress } from './recording/progress-meter.ts';
import { DEFAULT_MAX_SPOOLED_ROWS, RawSpool, type SpooledRows } from './recording/raw-spool.ts';
import type { RecordedRun } from './recording/recorded-run.ts';
import type { TrimRule } from './recording/trim-rule.ts';

/** In the run's directory: its calls, one by one. */
export const CALLS_FILE = 'calls.arrow';
/** Measured calls kept in memory: 10 MB, after which the generator's memory does not grow with its calls. */
const MAX_RAW_VALUES = 250_000;
/** For the library's raw results, which live in memory. */
const MAX_RAW_RESULTS = 1_000_000;
const LIMIT_CHECK_MS = 100;

export interface ShareInput {
  readonly plan: LoadPlan;
  readonly clock: MonotonicClock;
  /** This thread's part of the load. */
  readonly load: PlannedLoad;
  /** Of the run: bounds on what is kept are divided by it. */
  readonly threads: number;
  /** Stops issuing; what was seen so far is the outcome. */
  readonly signal: AbortSignal;
}

/** Structured-cloneable. */
export interface ShareOutcome {
  readonly recorded: RecordedRun;
  readonly drive: DriveResult;
  readonly connection: ConnectionFacts;
  /** Seconds counted from the run's origin. */
  readonly samples: readonly ProcessSample[];
  readonly gcPauses: readonly GcPause[];
  readonly heapLimitBytes: number;
  /** Every call's row; null when the run does not keep them. */
  readonly spool: SpooledRows | null;
}

export interface ShareProgress extends RecordingProgress {
  readonly stage: 'loading' | 'draining';
}

export class LoadShare {
  readonly serverVersion: string | null;
  readonly #input: ShareInput;
  readonly #engine: Engine;
  readonly #driver: LoadDriver;
  readonly #alarm: ThreadAlarm | null;
  readonly #spool: RawSpool | null;
  #recorder: CallRecorder | null = null;
  #finished = false;

  private constructor(input: ShareInput, parts: PreparedShare) {
    this.#input = input;
    this.#engine = parts.engine;
    this.#driver = parts.driver;
    this.#alarm = parts.alarm;
    this.#spool = parts.spool;
    this.serverVersion = parts.serverVersion;
  }

  /** Throws BenchmarkError 'target-unreachable', 'target-refused-plan', 'config-invalid' or 'output-unwritable'. */
  static async open(input: ShareInput): Promise<LoadShare> {
    const engine = createEngine(input.plan.harness, input.clock);
    const alarm = await exactAlarm(input);
    try {
      const share = new LoadShare(input, await prepare(input, engine, alarm));
      collectBeforehand();
      return share;
    } catch (thrown) {
      await alarm?.close();
      await engine.close();
      throw thrown;
    }
  }

  /** Once. `loadStartNs` lies a little ahead, for the recorder to be set up, and is the same for all threads. */
  async run(loadStartNs: number, trim: TrimRule): Promise<ShareOutcome> {
    const { clock, load } = this.#input;
    const sampler = new ResourceSampler({ clock });
    const gcLog = new GcLog(clock);
    const recorder = this.#newRecorder(loadStartNs, trim);
    sampler.start();
    gcLog.start();
    const checker = setInterval(() => {
      if (load.numbers?.isSpent() === true) this.#driver.limitReached();
    }, LIMIT_CHECK_MS);
    const drive = await this.#driver
      .run(recorder, loadStartNs)
      .finally(() => clearInterval(checker));
    const recorded = recorder.finish();
    const spool = this.#spool === null ? null : await this.#spool.close();
    this.#finished = true;
    return {
      recorded,
      drive,
      connection: this.#engine.facts(),
      samples: sampler.stop(),
      gcPauses: await gcLog.stop(),
      heapLimitBytes: getHeapStatistics().heap_size_limit,
      spool,
    };
  }

  /** null before the run. */
  progress(): ShareProgress | null {
    const seen = this.#recorder?.progress(this.#input.clock.nowNs());
    return seen === undefined ? null : { ...seen, stage: this.#driver.snapshot().stage };
  }

  /** The rows of a share that did not come to its end go too. */
  async close(): Promise<void> {
    await this.#alarm?.close();
    await this.#engine.close();
    if (!this.#finished) await this.#spool?.discard();
  }

  #newRecorder(loadStartNs: number, trim: TrimRule): CallRecorder {
    const { plan, clock, load, threads } = this.#input;
    const { arrival } = plan.harness;
    const conditions = declaredSlo(plan.harness);
    const origin = arrival.kind === 'closed' ? 'service' : 'response';
    const kept = plan.wantsRecording ? MAX_RAW_RESULTS : MAX_RAW_VALUES;
    this.#recorder = new CallRecorder({
      slots: load.slots,
      streaming: plan.harness.useStreaming,
      clock,
      loadStartNs,
      trim,
      maxRawValues: Math.floor(kept / threads),
      onFinished: () => undefined,
      ...(conditions.length === 0 ? {} : { slo: { conditions, origin } }),
      ...(this.#spool === null ? {} : { rawSink: this.#spool }),
    });
    return this.#recorder;
  }
}

/** What starting up left behind would be collected in the midst of the run. Of this thread; only where the process exposes it. */
function collectBeforehand(): void {
  globalThis.gc?.();
}

interface PreparedShare {
  readonly engine: Engine;
  readonly driver: LoadDriver;
  readonly alarm: ThreadAlarm | null;
  readonly spool: RawSpool | null;
  readonly serverVersion: string | null;
}

/** An open loop that does not spin is woken by a thread of its own. */
async function exactAlarm({ clock, load }: ShareInput): Promise<ThreadAlarm | null> {
  const { model } = load;
  return model.kind === 'open' && model.pacing === 'timer' ? ThreadAlarm.start(clock) : null;
}

async function prepare(
  input: ShareInput,
  engine: Engine,
  alarm: ThreadAlarm | null,
): Promise<PreparedShare> {
  const { plan, clock, load, threads, signal } = input;
  const { harness } = plan;
  await engine.connect(harness.connectTimeoutMs);
  const health = await engine.health(harness.connectTimeoutMs);
  const sessionId = sessionOfRun(harness.sessionId, plan.embedded, plan.originNs);
  const templates = await callTemplates(harness, engine, sessionId);
  const { graceMs, useStreaming: streaming, requestTimeoutMs: timeoutMs, metadata } = harness;
  const driver = new LoadDriver({
    engine,
    clock,
    load,
    templates: templates.length,
    graceMs,
    warmupMs: plan.perRunWarmupMs,
    ...(alarm === null ? {} : { alarm: (_: MonotonicClock, wake: () => void) => alarm.for(wake) }),
    ...(plan.fence === undefined ? {} : { fence: new LoadFence(plan.fence) }),
    signal,
  });
  engine.prepare({ streaming, timeoutMs, metadata, templates, slots: load.slots }, driver);
  const spool = plan.collect.histogram
    ? await RawSpool.open(
        temporaryBeside(join(plan.directory, CALLS_FILE)),
        Math.floor(DEFAULT_MAX_SPOOLED_ROWS / threads),
      )
    : null;
  return { engine, driver, alarm, spool, serverVersion: health?.version ?? null };
}
