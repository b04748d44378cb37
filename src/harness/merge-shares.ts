// What the threads of one run saw, as one: counts add up, and a bottleneck is that of the busiest thread.

import type { ProcessSample } from '../contract/resources.ts';
import type { ConnectionFacts } from '../contract/run-result.ts';
import { mergeSends } from './arrivals/send-log.ts';
import { mergeBackends } from './engines/backends.ts';
import type { DriveResult } from './load-driver.ts';
import type { ShareOutcome, ShareProgress } from './load-share.ts';
import { mergeRecordings } from './recording/recorded-run.ts';

/** As of one share; `spools` are those of all. */
export type MergedShares = Omit<ShareOutcome, 'spool'> & {
  readonly spools: readonly NonNullable<ShareOutcome['spool']>[];
};

/** Throws RangeError for none. */
export function mergeShares(shares: readonly ShareOutcome[]): MergedShares {
  const [first] = shares;
  if (first === undefined) throw new RangeError('there is no share to merge');
  return {
    recorded: mergeRecordings(shares.map((share) => share.recorded)),
    drive: mergeDrives(
      first.drive,
      shares.map((share) => share.drive),
    ),
    connection: mergeConnections(
      first.connection,
      shares.map((share) => share.connection),
    ),
    samples: mergeSamples(shares.map((share) => share.samples)),
    gcPauses: shares.flatMap((share) => share.gcPauses).sort((a, b) => a.startNs - b.startNs),
    heapLimitBytes: sumOf(shares, (share) => share.heapLimitBytes),
    spools: shares.flatMap((share) => share.spool ?? []),
  };
}

/** For display; percentiles are those of the slowest thread. null before any thread began. */
export function mergeProgress(shares: readonly ShareProgress[]): ShareProgress | null {
  if (shares.length === 0) return null;
  return {
    completed: sumOf(shares, (share) => share.completed),
    errors: sumOf(shares, (share) => share.errors),
    inFlight: sumOf(shares, (share) => share.inFlight),
    recentRps: sumOfKnown(shares.map((share) => share.recentRps)),
    latencyP50Us: maxOfKnown(shares.map((share) => share.latencyP50Us)),
    latencyP99Us: maxOfKnown(shares.map((share) => share.latencyP99Us)),
    stage: shares.every((share) => share.stage === 'draining') ? 'draining' : 'loading',
  };
}

function mergeDrives(first: DriveResult, drives: readonly DriveResult[]): DriveResult {
  const total = (read: (drive: DriveResult) => number): number => sumOf(drives, read);
  return {
    issued: total((drive) => drive.issued),
    // Peaks of different moments: not more than this were in flight at once.
    maxInFlight: total((drive) => drive.maxInFlight),
    unsent: total((drive) => drive.unsent),
    sends: mergedSends(drives.map((drive) => drive.sends)),
    cappedCalls: total((drive) => drive.cappedCalls),
    heldBack: total((drive) => drive.heldBack),
    interrupted: drives.some((drive) => drive.interrupted),
    endsByServer: first.endsByServer.map((_, code) =>
      total((drive) => drive.endsByServer[code] ?? 0),
    ),
    endsByClient: first.endsByClient.map((_, code) =>
      total((drive) => drive.endsByClient[code] ?? 0),
    ),
    loadStartNs: first.loadStartNs,
    issueEndNs: Math.max(...drives.map((drive) => drive.issueEndNs)),
    endNs: Math.max(...drives.map((drive) => drive.endNs)),
  };
}

function mergedSends(samples: readonly DriveResult['sends'][]): DriveResult['sends'] {
  const known = samples.filter((sample) => sample !== null);
  return known.length === 0 ? null : mergeSends(known);
}

function mergeConnections(
  first: ConnectionFacts,
  connections: readonly ConnectionFacts[],
): ConnectionFacts {
  return {
    ...first,
    connections: sumOf(connections, (facts) => facts.connections),
    reconnects: sumOf(connections, (facts) => facts.reconnects),
    threads: connections.length,
    locallyQueuedCalls: connections.every((facts) => facts.locallyQueuedCalls !== undefined)
      ? sumOf(connections, (facts) => facts.locallyQueuedCalls ?? 0)
      : undefined,
    backends: connections.every((facts) => facts.backends !== undefined)
      ? mergeBackends(connections.map((facts) => facts.backends ?? []))
      : undefined,
  };
}

/** Of one process: CPU and memory are its own, whoever asked; heaps and pauses are the threads'; waits the worst thread's. */
function mergeSamples(perThread: readonly (readonly ProcessSample[])[]): ProcessSample[] {
  const [first = [], ...others] = perThread;
  if (others.length === 0) return [...first];
  const bySecond = new Map<number, ProcessSample>();
  for (const sample of perThread.flat()) {
    const known = bySecond.get(sample.second);
    bySecond.set(sample.second, known === undefined ? sample : together(known, sample));
  }
  return [...bySecond.values()].sort((a, b) => a.second - b.second);
}

function together(a: ProcessSample, b: ProcessSample): ProcessSample {
  return {
    second: a.second,
    goroutines: a.goroutines + b.goroutines,
    heap_alloc_mb: a.heap_alloc_mb + b.heap_alloc_mb,
    heap_sys_mb: a.heap_sys_mb + b.heap_sys_mb,
    num_gc: a.num_gc + b.num_gc,
    gc_pause_total_us: a.gc_pause_total_us + b.gc_pause_total_us,
    rssBytes: Math.max(a.rssBytes, b.rssBytes),
    cpuUserUs: Math.max(a.cpuUserUs, b.cpuUserUs),
    cpuSystemUs: Math.max(a.cpuSystemUs, b.cpuSystemUs),
    cpuUtilisation: Math.max(a.cpuUtilisation, b.cpuUtilisation),
    eventLoopUtilisation: Math.max(a.eventLoopUtilisation, b.eventLoopUtilisation),
    eventLoopDelayP99Us: maxOfKnown([a.eventLoopDelayP99Us, b.eventLoopDelayP99Us]),
    eventLoopDelayMaxUs: maxOfKnown([a.eventLoopDelayMaxUs, b.eventLoopDelayMaxUs]),
  };
}

function sumOf<T>(list: readonly T[], read: (item: T) => number): number {
  return list.reduce((sum, item) => sum + read(item), 0);
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sumOf(known, (value) => value);
}

function maxOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
