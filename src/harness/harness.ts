// The library's handle on one server and loads against it: set up once, run as often as wanted, tear down.
// Unlike a benchmark's runs, runs of one Harness share their target; nothing is trimmed, as in the seed.

import { tmpdir } from 'node:os';
import type { HarnessConfig } from '../contract/config.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { RunProgress } from '../contract/run-plan.ts';
import type { TargetAccount } from '../contract/run-result.ts';
import { startEmbeddedTarget, type EmbeddedTarget } from '../target/embedded-target.ts';
import { targetConfig } from './execute-run.ts';
import type { GeneratorResult } from './generator-protocol.ts';
import { reportOf, type RawRun, type Report } from './harness-report.ts';
import { measureOnTarget, type RunTarget } from './measure-on-target.ts';
import { rawResults } from './recording/raw-results.ts';

export interface HarnessRunOptions {
  /** Aborting stops issuing calls; the report is then about what ran until then. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

const COLLECT_NOTHING = {
  timeSeries: false,
  histogram: false,
  resources: false,
  gcCorrelation: false,
};

export class Harness {
  readonly #config: HarnessConfig;
  readonly #lifetime = new AbortController();
  #target: EmbeddedTarget | null = null;
  #ready = false;
  #runs = 0;

  constructor(config: HarnessConfig) {
    this.#config = config;
  }

  /** Starts the embedded target, unless the config names a server. Throws BenchmarkError 'target-start-failed'. */
  async setup(): Promise<void> {
    if (this.#ready) return;
    if (this.#config.serverAddr === '') {
      this.#target = await startEmbeddedTarget(targetConfig(this.#config), {
        originNs: process.hrtime.bigint(),
        signal: this.#lifetime.signal,
        sampleResources: false,
      });
    }
    this.#ready = true;
  }

  /** Where the server listens, for other tools too; "" before setup of an embedded target. */
  get serverAddr(): string {
    return this.#target?.address ?? this.#config.serverAddr;
  }

  /** Throws what executeRun throws; failed calls are in the report. */
  async run(options: HarnessRunOptions = {}): Promise<Report> {
    const { measurement } = await this.#measure(options, false);
    return reportOf(this.#config, measurement);
  }

  /** As `run`, with every call. */
  async runRaw(options: HarnessRunOptions = {}): Promise<RawRun> {
    const { measurement, recording } = await this.#measure(options, true);
    if (recording === null) {
      throw new BenchmarkError('generator-failed', 'The generator sent no recording of its run.');
    }
    return {
      report: reportOf(this.#config, measurement),
      measurement,
      results: rawResults(recording),
      complete: recording.raw.complete,
      runStartNs: recording.loadStartNs,
    };
  }

  /** Ends the embedded target and any run in progress. Idempotent. */
  async teardown(): Promise<void> {
    this.#lifetime.abort();
    this.#target?.kill();
    await this.#target?.exited;
    this.#target = null;
    this.#ready = false;
  }

  async #measure(options: HarnessRunOptions, wantsRecording: boolean): Promise<GeneratorResult> {
    if (!this.#ready) {
      throw new BenchmarkError('generator-failed', 'Call setup() before running the harness.');
    }
    this.#runs += 1;
    const target = this.#target === null ? null : await sharedTarget(this.#target);
    return measureOnTarget({
      plan: {
        key: {
          workflowId: 'harness',
          firstExecutionRunId: 'local',
          phase: 'measured',
          index: this.#runs,
        },
        harness: this.#config,
        collect: COLLECT_NOTHING,
        perRunWarmupMs: 0,
      },
      target,
      originNs: process.hrtime.bigint(),
      directory: tmpdir(),
      signal: this.#lifetime.signal,
      ...(options.signal === undefined ? {} : { interruption: options.signal }),
      wantsRecording,
      onProgress: (progress) => options.onProgress?.(progress),
    });
  }
}

/** A target that goes on after the run: its account of this run is what it counted since. */
async function sharedTarget(target: EmbeddedTarget): Promise<RunTarget> {
  const before = await target.account();
  return {
    address: target.address,
    exited: target.exited,
    settings: () => target.settings(),
    final: async () => {
      const account = since(before, await target.account());
      return { account, samples: [], gcPauses: [] };
    },
  };
}

/** Extremes and means cannot be subtracted and stay those of the target's whole life. */
function since(before: TargetAccount, after: TargetAccount): TargetAccount {
  return {
    ...after,
    rpcsReceived: after.rpcsReceived - before.rpcsReceived,
    rpcsByStatus: difference(before.rpcsByStatus, after.rpcsByStatus),
    llmCalls: after.llmCalls - before.llmCalls,
    llmErrors: after.llmErrors - before.llmErrors,
    callsByAgent: difference(before.callsByAgent, after.callsByAgent),
  };
}

type Counts = Readonly<Record<string, number>>;

function difference(before: Counts, after: Counts): Counts {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
}
