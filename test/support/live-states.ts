// Moments of a benchmark as a watcher sees them.

import type { LiveState } from '../../src/cli/progress/live-state.ts';
import type { BenchmarkProgress } from '../../src/contract/benchmark-state.ts';
import type { RunProgress } from '../../src/contract/run-plan.ts';
import type { RunSummary } from '../../src/contract/run-result.ts';
import type { LiveProgress } from '../../src/temporal/benchmark-client.ts';

export function liveState(changes: Partial<LiveState> = {}): LiveState {
  return {
    benchmarkId: 'b-1',
    watchedMs: 12_300,
    answer: liveAnswer(),
    inContact: true,
    webUiUrl: null,
    ...changes,
  };
}

export function liveAnswer(changes: Partial<LiveProgress> = {}): LiveProgress {
  return { state: 'running', progress: progress(), live: null, pending: null, ...changes };
}

export function progress(changes: Partial<BenchmarkProgress> = {}): BenchmarkProgress {
  return {
    stage: { kind: 'running', phase: 'measured', index: 2, of: 5 },
    warmupRuns: 1,
    runs: 5,
    finished: [],
    failed: [],
    hostTaskQueue: 'loombench-host-a',
    ...changes,
  };
}

export function runSummary(index: number, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    key: { workflowId: 'b-1', firstExecutionRunId: 'r', phase: 'measured', index },
    attempt: { attempt: 1, lostMs: 0, reason: null },
    host: 'a',
    file: { path: '/nowhere/run.json', sha256: '', bytes: 0 },
    verdict: 'VALID',
    calls: { issued: 1000, ok: 1000, degraded: 0, errors: 0, incomplete: 0 },
    throughputRps: 780.4,
    latencyP50Us: 12_510,
    latencyP99Us: 15_020,
    errorRate: 0,
    ...changes,
  };
}

export function runProgress(changes: Partial<RunProgress> = {}): RunProgress {
  return {
    phase: 'measured',
    index: 2,
    stage: 'loading',
    elapsedMs: 2_500,
    completed: 1950,
    errors: 1,
    inFlight: 10,
    recentRps: 781,
    latencyP50Us: 12_510,
    latencyP99Us: 15_020,
    fraction: 0.5,
    ...changes,
  };
}
