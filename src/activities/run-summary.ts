// What history keeps of a stored run: some hundred bytes.

import type { FoundRun } from '../artifacts/artifact-store.ts';
import type { CallCounts } from '../contract/outcome.ts';
import type { RunSummary } from '../contract/run-result.ts';

export function runSummary({ run, file }: FoundRun): RunSummary {
  const { measurement } = run;
  return {
    key: run.key,
    attempt: run.attempt,
    host: run.host,
    file,
    verdict: measurement.verdict,
    calls: measurement.calls,
    throughputRps: measurement.throughputRps,
    latencyP50Us: measurement.latency.p50Us,
    latencyP99Us: measurement.latency.p99Us,
    errorRate: errorRate(measurement.windowCalls),
  };
}

/** Errors and degraded answers among the calls of the window that ended; null when none did. */
function errorRate(calls: CallCounts): number | null {
  const ended = calls.ok + calls.degraded + calls.errors;
  return ended === 0 ? null : (calls.degraded + calls.errors) / ended;
}
