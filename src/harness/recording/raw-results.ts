// Calls one by one: the library's raw results, and the seed's two pure functions over them.

import type { Outcome } from '../../contract/outcome.ts';
import { OUTCOMES } from '../../contract/outcome.ts';
import type { ThroughputBucket } from '../../contract/run-result.ts';
import { CALL_CLASS, resolveClass } from './classify.ts';
import { nearestRank, P50, P99, type Quantile } from './nearest-rank.ts';
import type { RawChunk } from './raw-columns.ts';
import type { RecordedRun } from './recorded-run.ts';

/** One call. Instants are nanoseconds on the run's monotonic clock. */
export interface RawResult {
  /** When it was meant to start. */
  readonly intendedNs: number;
  /** When it was sent. */
  readonly startedAtNs: number;
  /** First message − start; null when none came. */
  readonly firstMessageLatencyNs: number | null;
  /** End − start. */
  readonly latencyNs: number;
  readonly outcome: Outcome;
  /** gRPC status code. */
  readonly grpcStatus: number;
  readonly messages: number;
  readonly tokens: number;
}

/** The same as columns, outcomes resolved: for consumers that go through all calls. */
export interface RawColumns {
  readonly rows: number;
  readonly intendedNs: Float64Array;
  readonly dispatchNs: Float64Array;
  /** NaN when no message came. */
  readonly firstMessageNs: Float64Array;
  readonly endNs: Float64Array;
  /** Index into OUTCOMES. */
  readonly outcome: Uint8Array;
  readonly grpcStatus: Uint8Array;
  readonly messages: Uint32Array;
  readonly tokens: Uint32Array;
  /** False when calls are missing, because the bound on raw values was reached. */
  readonly complete: boolean;
}

/** Measured calls of a run in columns, in the order in which they ended (per thread). A copy. */
export function rawColumns(recorded: RecordedRun): RawColumns {
  const { rows, chunks, complete } = recorded.raw;
  const columns = {
    rows,
    complete,
    intendedNs: new Float64Array(rows),
    dispatchNs: new Float64Array(rows),
    firstMessageNs: new Float64Array(rows),
    endNs: new Float64Array(rows),
    outcome: new Uint8Array(rows),
    grpcStatus: new Uint8Array(rows),
    messages: new Uint32Array(rows),
    tokens: new Uint32Array(rows),
  };
  const outcomeOfClass = outcomeIndexes(recorded.sawLlmOutput);
  let at = 0;
  for (const chunk of chunks) {
    columns.intendedNs.set(chunk.intendedNs.subarray(0, chunk.rows), at);
    columns.dispatchNs.set(chunk.dispatchNs.subarray(0, chunk.rows), at);
    columns.firstMessageNs.set(chunk.firstMessageNs.subarray(0, chunk.rows), at);
    columns.endNs.set(chunk.endNs.subarray(0, chunk.rows), at);
    columns.grpcStatus.set(chunk.grpcStatus.subarray(0, chunk.rows), at);
    columns.messages.set(chunk.messages.subarray(0, chunk.rows), at);
    columns.tokens.set(chunk.tokens.subarray(0, chunk.rows), at);
    const classes = chunk.callClass.subarray(0, chunk.rows);
    columns.outcome.set(
      classes.map((callClass) => outcomeOfClass[callClass] ?? 0),
      at,
    );
    at += chunk.rows;
  }
  return columns;
}

/** Measured calls of a run as objects: convenient, and heavy for more than some 100,000 calls (then use rawColumns). */
export function rawResults(recorded: RecordedRun): RawResult[] {
  return recorded.raw.chunks.flatMap((chunk) =>
    Array.from({ length: chunk.rows }, (_, row) => rawResult(chunk, row, recorded.sawLlmOutput)),
  );
}

function rawResult(chunk: RawChunk, row: number, sawLlmOutput: boolean): RawResult {
  const startedAtNs = chunk.dispatchNs[row] ?? 0;
  const firstMessageNs = chunk.firstMessageNs[row] ?? NaN;
  return {
    intendedNs: chunk.intendedNs[row] ?? 0,
    startedAtNs,
    firstMessageLatencyNs: Number.isNaN(firstMessageNs) ? null : firstMessageNs - startedAtNs,
    latencyNs: (chunk.endNs[row] ?? 0) - startedAtNs,
    outcome: resolveClass(chunk.callClass[row] ?? CALL_CLASS.incomplete, sawLlmOutput),
    grpcStatus: chunk.grpcStatus[row] ?? 0,
    messages: chunk.messages[row] ?? 0,
    tokens: chunk.tokens[row] ?? 0,
  };
}

/** Index into OUTCOMES by call class. */
export function outcomeIndexes(sawLlmOutput: boolean): readonly number[] {
  return Object.values(CALL_CLASS).map((callClass) =>
    OUTCOMES.indexOf(resolveClass(callClass, sawLlmOutput)),
  );
}

/** From which instant a latency is taken. */
export type LatencyOrigin = 'service' | 'response';

/** Latencies of ok calls, ns, ascending; of those that were kept. */
export function sortedOkLatenciesNs(recorded: RecordedRun, origin: LatencyOrigin): Float64Array {
  const isOk = Object.values(CALL_CLASS).map(
    (callClass) => resolveClass(callClass, recorded.sawLlmOutput) === 'ok',
  );
  return sortedDifferences(recorded.raw.chunks, recorded.raw.rows, (chunk, row) => {
    if (isOk[chunk.callClass[row] ?? 0] !== true) return null;
    const from = origin === 'service' ? chunk.dispatchNs : chunk.intendedNs;
    return Math.max((chunk.endNs[row] ?? 0) - (from[row] ?? 0), 0);
  });
}

/** Send lateness of all calls, ns, ascending; of those that were kept. */
export function sortedLatenessNs(recorded: RecordedRun): Float64Array {
  return sortedDifferences(recorded.raw.chunks, recorded.raw.rows, (chunk, row) =>
    Math.max((chunk.dispatchNs[row] ?? 0) - (chunk.intendedNs[row] ?? 0), 0),
  );
}

function sortedDifferences(
  chunks: readonly RawChunk[],
  rows: number,
  valueOf: (chunk: RawChunk, row: number) => number | null,
): Float64Array {
  const values = new Float64Array(rows);
  let n = 0;
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.rows; row += 1) {
      const value = valueOf(chunk, row);
      if (value === null) continue;
      values[n] = value;
      n += 1;
    }
  }
  return values.subarray(0, n).sort();
}

/**
 * Raw latency values for a consumer to bucket as it likes: service times of the ok results in integer µs, ascending.
 * Failed and degraded calls are left out: how fast a call fails says nothing about how fast one works.
 * Throws RangeError for a latency that is negative or not finite.
 */
export function buildLatencyHistogram(
  results: readonly Pick<RawResult, 'latencyNs' | 'outcome'>[],
): number[] {
  const ok = results.filter((result) => result.outcome === 'ok');
  return ok.map((result) => Math.round(checked(result.latencyNs) / 1000)).sort((a, b) => a - b);
}

const SECOND_NS = 1e9;
/** A week. Beyond it, the start is in another unit or of another clock. */
const MAX_SECONDS = 604_800;

/**
 * Bins results into seconds since `runStartNs` by when they *completed*, so that a stalled server shows as a gap.
 * Every second from the first to the last completion's has a bucket; `requests` counts ok, degraded and failed calls,
 * `errors` the latter two, and the latencies (µs, service time, nearest rank) are of ok calls: null where there is none.
 * Incomplete calls never completed and are left out. Order does not matter. Throws RangeError when results lie
 * more than a week after `runStartNs`, or a latency is negative or not finite.
 */
export function buildTimeSeries(
  results: readonly Pick<RawResult, 'startedAtNs' | 'latencyNs' | 'outcome'>[],
  runStartNs: number,
): ThroughputBucket[] {
  const seconds: { requests: number; okNs: number[] }[] = [];
  for (const { startedAtNs, latencyNs, outcome } of results) {
    if (outcome === 'incomplete') continue;
    const second = secondOf(startedAtNs + checked(latencyNs) - runStartNs);
    while (seconds.length <= second) seconds.push({ requests: 0, okNs: [] });
    const bucket = seconds[second];
    if (bucket === undefined) continue;
    bucket.requests += 1;
    if (outcome === 'ok') bucket.okNs.push(latencyNs);
  }
  return seconds.map(({ requests, okNs }, second) => {
    const sorted = Float64Array.from(okNs).sort();
    const n = sorted.length;
    return {
      second,
      requests,
      errors: requests - n,
      p50_us: percentileUs(sorted, P50),
      p99_us: percentileUs(sorted, P99),
      mean_us: n === 0 ? null : sorted.reduce((sum, value) => sum + value, 0) / n / 1000,
    };
  });
}

function percentileUs(sortedNs: Float64Array, quantile: Quantile): number | null {
  if (sortedNs.length === 0) return null;
  return Math.round((sortedNs[nearestRank(sortedNs.length, quantile) - 1] ?? 0) / 1000);
}

/** What completed before the start belongs to the first second. */
function secondOf(sinceStartNs: number): number {
  const second = Math.max(Math.floor(sinceStartNs / SECOND_NS), 0);
  if (second > MAX_SECONDS || Number.isNaN(second)) {
    throw new RangeError(
      `a result completes ${sinceStartNs} ns after the run's start: is the start on the same clock, in nanoseconds?`,
    );
  }
  return second;
}

function checked(latencyNs: number): number {
  if (latencyNs >= 0 && Number.isFinite(latencyNs)) return latencyNs;
  throw new RangeError(`a latency must be a finite number of nanoseconds >= 0, not ${latencyNs}`);
}
