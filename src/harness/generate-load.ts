// One run's load, inside the generator: connect and ask before the clock starts, drive, and hand over what was seen.

import { readFile } from 'node:fs/promises';
import type { GcPause, ProcessSample } from '../contract/resources.ts';
import type { ConnectionFacts } from '../contract/run-result.ts';
import { progressWithoutCalls, type RunProgress } from '../contract/run-plan.ts';
import { createMonotonicClock, type MonotonicClock } from '../runtime/monotonic-clock.ts';
import type { LoadLimit, PlannedLoad } from './arrivals/load-model.ts';
import { usefulThreads } from './arrivals/load-shares.ts';
import type { LoadPlan } from './generator-protocol.ts';
import type { DriveResult } from './load-driver.ts';
import { openOwnThread, openThreads, type LoadTeam } from './load-threads.ts';
import { mergeProgress, mergeShares } from './merge-shares.ts';
import { plannedLoad, PROGRESS_INTERVAL_MS, replayText } from './planned-load.ts';
import type { SpooledRows } from './recording/raw-spool.ts';
import type { RecordedRun } from './recording/recorded-run.ts';
import type { TrimRule } from './recording/trim-rule.ts';
import { threadCount } from './thread-count.ts';

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

/** Time to set the recorders up before the first call is due. */
const LEAD_NS = 50e6;
/** Threads have to hear of it first. */
const THREADS_LEAD_NS = 150e6;
const TRIMMED_SHARE_OF_COUNT = 0.1;

/** Throws BenchmarkError 'target-unreachable', 'target-refused-plan', 'config-invalid' or 'generator-died'. */
export async function generateLoad(plan: LoadPlan, hooks: LoadHooks): Promise<LoadOutcome> {
  const clock = createMonotonicClock(plan.originNs);
  const schedule = await replayText(plan);
  const load = plannedLoad(plan, schedule);
  const threads = usefulThreads(load, threadCount(plan.harness));
  hooks.onProgress(progressWithoutCalls(plan.key, 'connecting', clock.nowNs() / 1e6));
  const { signal } = hooks;
  const team = await (threads === 1
    ? openOwnThread({ plan, clock, load, threads, signal })
    : openThreads({ plan, replayText: schedule, threads }, signal));
  try {
    return await driveLoad({ plan, hooks, clock, load, team, threads });
  } finally {
    await team.close();
  }
}

interface DriveInput {
  readonly plan: LoadPlan;
  readonly hooks: LoadHooks;
  readonly clock: MonotonicClock;
  readonly load: PlannedLoad;
  readonly team: LoadTeam;
  readonly threads: number;
}

async function driveLoad(input: DriveInput): Promise<LoadOutcome> {
  const { plan, hooks, clock, load, team, threads } = input;
  const loadStartNs = clock.nowNs() + (threads === 1 ? LEAD_NS : THREADS_LEAD_NS);
  const wallBefore = pairClocks(clock);
  const ticker = setInterval(() => {
    hooks.onProgress(progressOf(input, loadStartNs));
  }, PROGRESS_INTERVAL_MS);
  const shares = await team
    .run(loadStartNs, trimRule(load.limit, plan.perRunWarmupMs, loadStartNs))
    .finally(() => clearInterval(ticker));
  const clockDriftMs = pairClocks(clock) - wallBefore;
  const { recorded, drive, connection, samples, gcPauses, heapLimitBytes, spools } =
    mergeShares(shares);
  return {
    recorded,
    spools,
    drive,
    offeredRps: load.model.kind === 'open' ? load.model.offeredRps : null,
    connection,
    serverVersion: team.serverVersion,
    startedAtUtc: new Date(wallBefore + loadStartNs / 1e6).toISOString(),
    health: { samples, gcPauses, clockDriftMs, heapLimitBytes, swapBytes: await ownSwapBytes() },
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

function progressOf(input: DriveInput, loadStartNs: number): RunProgress {
  const { plan, clock, load, team } = input;
  const before = progressWithoutCalls(plan.key, 'loading', clock.nowNs() / 1e6);
  const sinceStartNs = Math.max(0, clock.nowNs() - loadStartNs);
  const seen = mergeProgress(team.progress());
  const { limit } = load;
  const fraction =
    limit.kind === 'count' ? (seen?.completed ?? 0) / limit.calls : sinceStartNs / limit.endNs;
  return {
    ...before,
    ...seen,
    elapsedMs: sinceStartNs / 1e6,
    fraction: Math.min(1, fraction),
  };
}

async function ownSwapBytes(): Promise<number | null> {
  const text = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kilobytes = /^VmSwap:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
