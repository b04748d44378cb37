// What a benchmark without Temporal tells, in the terms of the displays.

import type { BenchmarkProgress } from '../../contract/benchmark-state.ts';
import type { BenchmarkConfig } from '../../contract/config.ts';
import type { RunProgress } from '../../contract/run-plan.ts';
import type { RunSummary, StoredRun } from '../../contract/run-result.ts';
import type { ProgressView } from './live-state.ts';

export interface LocalProgressOptions {
  readonly benchmarkId: string;
  readonly config: Pick<BenchmarkConfig, 'runs' | 'warmupRuns'>;
  readonly view: ProgressView;
}

export class LocalProgress {
  readonly #options: LocalProgressOptions;
  readonly #beganMs = performance.now();
  readonly #finished: RunSummary[] = [];
  #live: RunProgress | null = null;

  constructor(options: LocalProgressOptions) {
    this.#options = options;
  }

  onProgress(live: RunProgress): void {
    this.#live = live;
    this.#show();
  }

  onRunFinished(run: StoredRun): void {
    this.#finished.push(summaryOf(run));
    this.#live = null;
    this.#show();
  }

  #show(): void {
    this.#options.view.show({
      benchmarkId: this.#options.benchmarkId,
      watchedMs: performance.now() - this.#beganMs,
      answer: { state: 'running', progress: this.#progress(), live: this.#live, pending: null },
      inContact: true,
      webUiUrl: null,
    });
  }

  #progress(): BenchmarkProgress {
    const { runs, warmupRuns } = this.#options.config;
    const live = this.#live;
    return {
      stage:
        live === null
          ? { kind: 'cooling-down' }
          : {
              kind: 'running',
              phase: live.phase,
              index: live.index,
              of: live.phase === 'warmup' ? warmupRuns : runs,
            },
      warmupRuns,
      runs,
      finished: [...this.#finished],
      failed: [],
      hostTaskQueue: null,
    };
  }
}

function summaryOf({ key, attempt, host, measurement }: StoredRun): RunSummary {
  return {
    key,
    attempt,
    host,
    // Such a run has no file of its own.
    file: { path: '', sha256: '', bytes: 0 },
    verdict: measurement.verdict,
    calls: measurement.calls,
    throughputRps: measurement.throughputRps,
    latencyP50Us: measurement.latency.p50Us,
    latencyP99Us: measurement.latency.p99Us,
    errorRate: null,
  };
}
