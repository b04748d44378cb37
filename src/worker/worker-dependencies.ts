// What the activities of a real worker work with: the harness, this host's disk, and the Temporal server that asked.

import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import type { ActivityDependencies } from '../activities/dependencies.ts';
import type { BenchmarkFacts, BenchmarkSummary } from '../activities/interface.ts';
import { ArtifactStore } from '../artifacts/artifact-store.ts';
import { resolveConfig } from '../config/resolve.ts';
import { BenchmarkError } from '../contract/failure.ts';
import { MEMO_SERIES } from '../contract/ids.ts';
import type { JsonReport } from '../contract/report.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { StoredRun } from '../contract/run-result.ts';
import { captureEnvironment } from '../harness/environment.ts';
import { executeRun } from '../harness/execute-run.ts';
import { nullFloorIn } from '../harness/null-floor.ts';
import { keepRunCost, knownRunCost } from '../harness/run-cost.ts';
import { readRawLatencies } from '../harness/raw-latency-file.ts';
import { summarizeRuns } from '../harness/summarize-runs.ts';
import { latencyDistributions } from '../harness/recording/stored-distributions.ts';
import { wantedDocuments, type ReportDocument } from '../report/render-report.ts';
import { threadCount } from '../harness/thread-count.ts';
import { reportPieces } from '../report/to-json.ts';
import { freeBytes } from '../runtime/disk-space.ts';
import { acquireHostLock, hostLockName } from '../runtime/host-lock.ts';
import { packageVersion } from '../runtime/package-version.ts';
import type { TemporalConnection } from '../temporal/connection.ts';
import { searchAttributeCensus } from '../temporal/search-attribute-registry.ts';
import { targetLeases } from '../temporal/target-leases.ts';

export interface WorkerParts {
  readonly stateDirectory: string;
  readonly host: string;
  readonly connection: TemporalConnection;
  readonly shutdown: AbortSignal;
  /** The embedded server takes benchmarks from this machine only. */
  readonly embedded: boolean;
}

export function workerDependencies(parts: WorkerParts): ActivityDependencies {
  const { stateDirectory, host, connection, shutdown } = parts;
  return {
    store: new ArtifactStore(join(stateDirectory, 'artifacts')),
    host,
    loombenchVersion: packageVersion(),
    leases: targetLeases(connection.client),
    heartbeatTimeoutMs: heartbeatTimeoutMs(process.env['LOOMBENCH_HEARTBEAT_TIMEOUT'] ?? ''),
    shutdown,
    resolveConfig,
    captureEnvironment: (config) =>
      captureEnvironment({ threads: threadCount(config), hostname: host }),
    executeRun: (plan, hooks) =>
      executeRun(plan, { ...hooks, nullFloor: nullFloorIn(stateDirectory) }),
    summarizeBenchmark: summaryOf,
    readRawLatencies: ({ measurement }) => readRawLatencies(measurement),
    formatReport: (report) => () => reportPieces(report),
    formatDocuments: documentsOf,
    registeredSearchAttributes: async () => (await searchAttributeCensus(connection)).known,
    stillWanted: (key) => stillWanted(connection, key),
    freeBytes,
    knownRunCost: () => knownRunCost(stateDirectory),
    keepRunCost: (cost) => keepRunCost(stateDirectory, cost),
    memory: () => ({ totalBytes: totalmem(), freeBytes: freemem() }),
    notifyCommands: mayRunCommands(parts.embedded),
    lockHost: (signal) => acquireHostLock(hostLockName(), signal),
  };
}

const SHORTEST_HEARTBEAT_TIMEOUT_MS = 2_000;

/** A Temporal that is far away may need longer. */
function heartbeatTimeoutMs(wish: string): number | null {
  if (wish === '') return null;
  const ms = Number(wish) * 1000;
  if (ms >= SHORTEST_HEARTBEAT_TIMEOUT_MS) return ms;
  throw new BenchmarkError(
    'config-invalid',
    `LOOMBENCH_HEARTBEAT_TIMEOUT=${wish} is not a number of seconds from 2 on.`,
  );
}

/** The text is ours, made a moment ago. */
function documentsOf(json: string): readonly ReportDocument[] {
  const report = JSON.parse(json) as JsonReport;
  return wantedDocuments({ report, json, reportPath: null, distributionsOf: latencyDistributions });
}

/** On a shared Temporal server whoever may start a workflow would have a shell here; that must be asked for. */
function mayRunCommands(embedded: boolean): boolean {
  const wish = process.env['LOOMBENCH_NOTIFY_COMMANDS'] ?? '';
  return wish === '' ? embedded : wish === 'on';
}

function summaryOf(input: {
  readonly facts: BenchmarkFacts;
  readonly runs: readonly StoredRun[];
  readonly warmups: readonly StoredRun[];
}): BenchmarkSummary {
  const { facts, runs, warmups } = input;
  const failedRuns = facts.failedRuns.filter((run) => run.key.phase === 'measured');
  // Runs that a cancelled benchmark never came to are not lost ones.
  const expectedRuns =
    facts.status === 'cancelled' ? runs.length + failedRuns.length : facts.config.runs;
  const summary = summarizeRuns({ config: facts.config, runs, failedRuns, expectedRuns });
  const lostMs = [...warmups, ...runs].reduce((sum, run) => sum + run.attempt.lostMs, 0);
  return { ...summary, lostMs };
}

/** True too when the server cannot be asked: a run that finishes unasked costs nothing. */
async function stillWanted(connection: TemporalConnection, key: RunKey): Promise<boolean> {
  try {
    const { memo, raw, status } = await connection.client.workflow
      .getHandle(key.workflowId)
      .describe();
    const first = raw.workflowExecutionInfo?.firstRunId ?? '';
    if (status.name !== 'RUNNING') return false;
    // Another host measures it by now.
    if ((memo?.[MEMO_SERIES] ?? 1) !== (key.series ?? 1)) return false;
    if (first !== '' && first !== key.firstExecutionRunId) return false;
    return (raw.pendingActivities ?? []).some(
      (activity) => activity.activityType?.name === 'measureRun',
    );
  } catch {
    return true;
  }
}
