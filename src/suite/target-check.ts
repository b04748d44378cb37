// Is the server what it was told to be? Judged by what a few calls showed, never by what the server said: a control plane
// has been seen to answer 200 and change nothing.

import type { BenchmarkConfig } from '../contract/config.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import { binomialCi } from '../statistics/binomial-interval.ts';

/** What a calibration run showed. */
export type Observed = Pick<RunMeasurement, 'serviceTime' | 'streams' | 'windowCalls'>;

/** Serial calls that show the latency; enough for a spread of the jitter to be seen. */
const CALLS = 5;
/** Where the server's own time is as long as the LLM's, one of them must have been let through undisturbed. */
const CALLS_OF_QUICK_LLM = 10;
const QUICK_LLM_MS = 50;
/** A call of nothing takes nearly as long, on a busy machine: the fastest of many tells them apart. */
const CALLS_OF_SHORTEST_LLM = 40;
const SHORTEST_LLM_MS = 5;
/** Enough to tell 10 % of errors from none. */
const CALLS_WITH_ERRORS = 100;
/** Timers end early by a rounding, and a server may round to milliseconds; of a short latency that would be all of it. */
const EARLY_MS = 1;
const EARLY_SHARE = 0.1;
/** What a server may add to its LLM's time in the fastest of serial calls; others may have met a machine that was busy. */
const SERVER_MS = 5;
const SERVER_SHARE = 0.1;
/** The real server holds the first tokens of a stream back, for 20 of them or this long. */
const FLUSHED_AFTER_MS = 50;
/** Five draws of U(0, jitter) lie closer together than a tenth of it once in two thousand times. */
const LEAST_SPREAD = 0.1;
const JITTER_SEEN_FROM_MS = 10;
/** A server that does its errors as told is suspected once in ten thousand times. */
const ERROR_CONFIDENCE = 0.9999;
/** Below this, waiting for the limiter cannot be told from the server's own time. */
const LIMIT_SEEN_FROM_MS = 20;
const CROWD = 20;
/** What a server, and a busy machine, may add to the slowest of a crowd; half a round is less than a limit would. */
const CROWD_SHARE = 0.5;
const CROWD_MS = 50;
const DEFAULT_LLM_LIMIT = 5;

export function limitOf({ llmConcurrencyLimit }: BenchmarkConfig): number {
  return llmConcurrencyLimit === 0 ? DEFAULT_LLM_LIMIT : llmConcurrencyLimit;
}

export function calibrationCalls(config: BenchmarkConfig): number {
  const { baseLatencyMs, errorRate, jitterMs } = config.llm;
  if (errorRate > 0) return CALLS_WITH_ERRORS;
  if (baseLatencyMs > 0 && baseLatencyMs <= SHORTEST_LLM_MS) return CALLS_OF_SHORTEST_LLM;
  return baseLatencyMs + jitterMs < QUICK_LLM_MS ? CALLS_OF_QUICK_LLM : CALLS;
}

/** How many calls at once would show the limiter; null when no number of them can. */
export function crowdForLimit(config: BenchmarkConfig): number | null {
  if (config.llm.baseLatencyMs < LIMIT_SEEN_FROM_MS || config.sessionId !== '') return null;
  return CROWD;
}

/** One sentence per setting that is not in force, with the words "asked …, observed …". */
export function differencesFromSerial(config: BenchmarkConfig, observed: Observed): string[] {
  return [
    ...latencyDifference(config, observed),
    ...errorDifference(config, observed),
    ...chunkDifference(config, observed),
  ];
}

function latencyDifference(config: BenchmarkConfig, observed: Observed): string[] {
  const { baseLatencyMs, jitterMs, latencyDistribution } = config.llm;
  const seen = latencySeen(config, observed);
  if (latencyDistribution !== 'uniform' || seen === null) return [];
  const heldMs = config.useStreaming ? FLUSHED_AFTER_MS : 0;
  const mostMs = (baseLatencyMs + jitterMs) * (1 + SERVER_SHARE) + SERVER_MS + heldMs;
  const leastMs = baseLatencyMs - Math.min(EARLY_MS, EARLY_SHARE * baseLatencyMs);
  if (seen.leastMs > mostMs || seen.leastMs < leastMs) {
    return [`asked ${baseLatencyMs} ms, observed ${shown(seen.leastMs)} ms (LLM latency)`];
  }
  const spreadMs = seen.mostMs - seen.leastMs;
  if (jitterMs >= JITTER_SEEN_FROM_MS && spreadMs < LEAST_SPREAD * jitterMs) {
    return [`asked ${jitterMs} ms, observed ${shown(spreadMs)} ms (spread of the LLM latency)`];
  }
  return [];
}

/** Of a stream the LLM's latency is that to its first token. */
function latencySeen(
  config: BenchmarkConfig,
  { serviceTime, streams }: Observed,
): { readonly leastMs: number; readonly mostMs: number } | null {
  const firstToken = config.useStreaming ? streams?.timeToFirstToken : undefined;
  const { minUs, maxUs } = firstToken ?? serviceTime;
  if (minUs === null || maxUs === null) return null;
  return { leastMs: minUs / 1000, mostMs: maxUs / 1000 };
}

/** Messages that come so far apart may be flushes of many tokens each, and say nothing of chunks. */
const FLUSH_MS = 40;
const MIN_CHUNKS = 4;
/** A server's default, where the delay is 0. */
const DEFAULT_CHUNK_DELAY_MS = 5;
const CHUNK_SHARE = 0.3;
/** Of the first and the last chunk together: timers that count milliseconds. */
const TICKS_MS = 2;

/** By the time from the first token to the end; the first message says that the agent has begun, the last what it answered. */
function chunkDifference(
  { useStreaming, llm }: BenchmarkConfig,
  { serviceTime, streams }: Observed,
): string[] {
  if (!useStreaming || streams === null || streams.streams === 0) return [];
  const chunks = streams.messages / streams.streams - 2;
  const { p50Us } = streams.timeToFirstToken;
  if (chunks < MIN_CHUNKS || p50Us === null || serviceTime.p50Us === null) return [];
  const gapMs = (serviceTime.p50Us - p50Us) / 1000 / (chunks - 1);
  if (gapMs >= FLUSH_MS) return [];
  const askedMs = llm.streamChunkDelayMs > 0 ? llm.streamChunkDelayMs : DEFAULT_CHUNK_DELAY_MS;
  const allowedMs = CHUNK_SHARE * askedMs + TICKS_MS / (chunks - 1);
  if (Math.abs(gapMs - askedMs) <= allowedMs) return [];
  return [`asked ${askedMs} ms, observed ${shown(gapMs)} ms (delay between chunks)`];
}

function errorDifference(config: BenchmarkConfig, { windowCalls }: Observed): string[] {
  const { ok, degraded, errors } = windowCalls;
  const n = ok + degraded + errors;
  const asked = config.llm.errorRate;
  const [low, high] = binomialCi(degraded + errors, n, ERROR_CONFIDENCE)?.clopperPearson ?? [0, 1];
  if (asked >= low && asked <= high) return [];
  const share = (100 * (degraded + errors)) / n;
  return [`asked ${shown(100 * asked)} %, observed ${shown(share)} % (LLM errors in ${n} calls)`];
}

/** @param observed of `crowd` calls sent at once. */
export function differenceFromCrowd(
  config: BenchmarkConfig,
  crowd: number,
  observed: Pick<Observed, 'serviceTime'>,
): string[] {
  const slowestUs = observed.serviceTime.maxUs;
  if (slowestUs === null) return [];
  const { baseLatencyMs, jitterMs } = config.llm;
  const limit = limitOf(config);
  const rounds = Math.ceil(crowd / limit);
  const leastMs = rounds * baseLatencyMs - EARLY_MS;
  const mostMs = rounds * (baseLatencyMs + jitterMs) * (1 + CROWD_SHARE) + CROWD_MS;
  const slowestMs = slowestUs / 1000;
  if (slowestMs >= leastMs && slowestMs <= mostMs) return [];
  const seenLimit = Math.max(1, Math.round((crowd * baseLatencyMs) / slowestMs));
  const seen =
    seenLimit > crowd / 2 ? `none that binds ${crowd} calls` : `one of about ${seenLimit}`;
  return [`asked a limit of ${limit} LLM calls at once, observed ${seen}`];
}

export function agentsDifference(asked: number, observed: number): string {
  return `asked ${asked} agents, observed ${observed}`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}
