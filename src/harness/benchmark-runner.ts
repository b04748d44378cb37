// The library's whole benchmark without Temporal: the same runs over the same code as the durable workflow, in order, in
// this process's care. Not durable: when this process dies, what was measured is gone.

import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchmarkReport, ReportedRun } from '../contract/benchmark-report.ts';
import type { BenchmarkConfig } from '../contract/config.ts';
import { experimentText } from '../contract/experiment.ts';
import { fingerprintOf, type HostFingerprint } from '../contract/environment.ts';
import { isFinal, toBenchmarkError, type BenchmarkError } from '../contract/failure.ts';
import { runDirectoryName } from '../contract/ids.ts';
import type { Phase, RunKey, RunPlan, RunProgress } from '../contract/run-plan.ts';
import type { FailedRun, StoredRun } from '../contract/run-result.ts';
import { plannedRuns } from '../statistics/precision.ts';
import { captureEnvironment } from './environment.ts';
import { executeRun } from './execute-run.ts';
import type { NullFloorSource } from './null-floor.ts';
import { readRawLatencies } from './raw-latency-file.ts';
import { summarizeRuns } from './summarize-runs.ts';
import { threadCount } from './thread-count.ts';

export interface BenchmarkRunnerOptions {
  /** Where the floor of this machine is kept; by default it is not measured. */
  readonly nullFloor?: NullFloorSource;
  /** Default: a made-up one. */
  readonly benchmarkId?: string;
  /** Goes into the report as it is; by default it is made here. */
  readonly configHash?: string;
  /** Keeps the runs' files; by default they are removed when the report holds what they say. */
  readonly directory?: string;
  /** What this host is called; default: the operating system's name. */
  readonly host?: string;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly onRunFinished?: (run: StoredRun) => void;
}

export class BenchmarkRunner {
  readonly #config: BenchmarkConfig;
  readonly #options: BenchmarkRunnerOptions;

  constructor(config: BenchmarkConfig, options: BenchmarkRunnerOptions = {}) {
    this.#config = config;
    this.#options = options;
  }

  /**
   * Warm-up runs, measured runs, statistics. An abort ends the run in progress and returns what was finished before it,
   * as `interrupted`. A run that fails is in `failedRuns` and the others go on; throws BenchmarkError only when the first
   * run fails for a reason that would fail every other (no server, a bad address).
   */
  async run(signal: AbortSignal = new AbortController().signal): Promise<BenchmarkReport> {
    const kept = this.#options.directory;
    const directory = kept ?? (await mkdtemp(join(tmpdir(), 'loombench-')));
    try {
      const series = new RunSeries(this.#config, this.#options, { directory, signal });
      return await series.run(kept !== undefined);
    } finally {
      if (kept === undefined) await rm(directory, { recursive: true, force: true });
    }
  }
}

interface Surroundings {
  readonly directory: string;
  readonly signal: AbortSignal;
}

class RunSeries {
  readonly #config: BenchmarkConfig;
  readonly #options: BenchmarkRunnerOptions;
  readonly #surroundings: Surroundings;
  readonly #id = randomUUID();
  readonly #warmups: StoredRun[] = [];
  readonly #runs: StoredRun[] = [];
  readonly #failed: FailedRun[] = [];
  #hostReference: HostFingerprint | null = null;
  #tried = 0;
  /** A failure that every further run would share. */
  #stopped = false;

  constructor(
    config: BenchmarkConfig,
    options: BenchmarkRunnerOptions,
    surroundings: Surroundings,
  ) {
    this.#config = config;
    this.#options = options;
    this.#surroundings = surroundings;
  }

  async run(keepsFiles: boolean): Promise<BenchmarkReport> {
    const startedAtUtc = new Date().toISOString();
    const environment = await captureEnvironment({
      threads: threadCount(this.#config),
      hostname: this.#host(),
    });
    this.#hostReference = fingerprintOf(environment);
    await this.#phase('warmup', this.#config.warmupRuns);
    const planned = await this.#measured();
    const summary = summarizeRuns({
      config: this.#config,
      runs: this.#runs,
      failedRuns: this.#failed.filter(({ key }) => key.phase === 'measured'),
      expectedRuns: planned,
    });
    return {
      benchmarkId: this.#benchmarkId(),
      config: { ...this.#config, runs: planned },
      configHash:
        this.#options.configHash ??
        createHash('sha256').update(experimentText(this.#config)).digest('hex'),
      environment,
      loombenchVersion: environment.runtime.loombenchVersion,
      startedAtUtc,
      finishedAtUtc: new Date().toISOString(),
      status: this.#surroundings.signal.aborted ? 'interrupted' : 'completed',
      durable: false,
      loomVersion: this.#runs[0]?.measurement.serverVersion ?? '',
      warmups: this.#warmups,
      runs: await Promise.all(this.#runs.map((run) => reported(run, keepsFiles))),
      failedRuns: this.#failed,
      ...summary,
      lostMs: 0,
    };
  }

  /** Those that were asked for, and those that a wanted precision adds; returns how many were planned in the end. */
  async #measured(): Promise<number> {
    const { precision } = this.#config;
    let done = 0;
    let planned = this.#config.runs;
    while (done < planned && this.#goesOn()) {
      await this.#phase('measured', planned, done + 1);
      done = planned;
      if (precision !== undefined && this.#goesOn()) {
        planned = plannedRuns(precision, this.#runs, planned);
      }
    }
    return planned;
  }

  async #phase(phase: Phase, count: number, first = 1): Promise<void> {
    for (let index = first; index <= count && this.#goesOn(); index++) {
      if (this.#tried > 0) await this.#coolDown();
      if (this.#goesOn()) await this.#one(phase, index);
    }
  }

  #goesOn(): boolean {
    return !this.#stopped && !this.#surroundings.signal.aborted;
  }

  async #one(phase: Phase, index: number): Promise<void> {
    this.#tried += 1;
    const { signal, directory } = this.#surroundings;
    const { collect, perRunWarmupMs, ...harness } = this.#config;
    const key: RunKey = {
      workflowId: this.#benchmarkId(),
      firstExecutionRunId: this.#id,
      phase,
      index,
    };
    try {
      const measurement = await executeRun(
        { key, harness, collect, perRunWarmupMs, ...this.#reference() },
        {
          directory: join(directory, runDirectoryName(key)),
          signal,
          ...(this.#options.nullFloor === undefined ? {} : { nullFloor: this.#options.nullFloor }),
          onProgress: (progress) => this.#options.onProgress?.(progress),
        },
      );
      const attempt = { attempt: 1, lostMs: 0, reason: null };
      const run: StoredRun = { version: 1, key, attempt, host: this.#host(), measurement };
      (phase === 'warmup' ? this.#warmups : this.#runs).push(run);
      this.#options.onRunFinished?.(run);
    } catch (thrown) {
      this.#failedWith(key, toBenchmarkError(thrown, 'generator-failed'));
    }
  }

  #host(): string {
    return this.#options.host ?? hostname();
  }

  #reference(): Pick<RunPlan, 'hostReference'> {
    return this.#hostReference === null ? {} : { hostReference: this.#hostReference };
  }

  #failedWith(key: RunKey, error: BenchmarkError): void {
    if (error.code === 'run-cancelled') return;
    if (isFinal(error.code) && this.#tried === 1) throw error;
    this.#failed.push({ key, code: error.code, message: error.message, attempts: 1 });
    if (isFinal(error.code)) this.#stopped = true;
  }

  async #coolDown(): Promise<void> {
    if (this.#config.cooldownMs === 0) return;
    const { signal } = this.#surroundings;
    // An abort ends the wait, and then the loop.
    await sleep(this.#config.cooldownMs, undefined, { signal }).catch(() => undefined);
  }

  #benchmarkId(): string {
    return this.#options.benchmarkId ?? `local-${this.#id}`;
  }
}

async function reported(run: StoredRun, keepsFiles: boolean): Promise<ReportedRun> {
  const rawLatenciesUs = await readRawLatencies(run.measurement);
  if (rawLatenciesUs === null) return run;
  const measurement = keepsFiles ? run.measurement : { ...run.measurement, raw: null };
  return { ...run, measurement, rawLatenciesUs };
}
