// What one run measured: the file that a run leaves behind, and the summary of it that travels through history.

import type { HostFingerprint } from './environment.ts';
import type { FirstCall } from './first-call.ts';
import type { CallCounts } from './outcome.ts';
import type { GcAssociation, ProcessSample } from './resources.ts';
import type { RunKey } from './run-plan.ts';
import type { PercentileInterval, Steadiness } from './steadiness.ts';
import type { GateResult, Verdict, Warning } from './warning.ts';

/** Of successful calls only, unless its field says otherwise. All null when n = 0. Integer µs except the mean. */
export interface LatencySummary {
  readonly n: number;
  readonly minUs: number | null;
  readonly meanUs: number | null;
  readonly p50Us: number | null;
  readonly p90Us: number | null;
  readonly p95Us: number | null;
  readonly p99Us: number | null;
  readonly p999Us: number | null;
  readonly p9999Us: number | null;
  readonly maxUs: number | null;
}

/** `exact`: nearest rank over every value. `histogram`: log-linear buckets, relative error below `relativeError`. */
export interface QuantileMethod {
  readonly kind: 'exact' | 'histogram';
  readonly relativeError: number;
}

/** The measured part of a run, in milliseconds since the load started. */
export interface MeasurementWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly trimmedBy: 'nothing' | 'duration' | 'count';
}

/** One second of a run, by *completion*; latency null where nothing succeeded. */
export interface ThroughputBucket {
  readonly second: number;
  readonly requests: number;
  readonly errors: number;
  readonly p50_us: number | null;
  readonly p99_us: number | null;
  readonly mean_us: number | null;
}

export interface TimelineBucket extends ThroughputBucket {
  readonly starts: number;
  readonly inFlightAtEnd: number;
}

/** Streams only. `messages` are gRPC messages, `tokens` the server's running token count: never mixed. */
export interface StreamSummary {
  readonly streams: number;
  readonly messages: number;
  readonly tokens: number;
  readonly emptyStreams: number;
  readonly timeToFirstMessage: LatencySummary;
  readonly timeToFirstToken: LatencySummary;
  readonly messageGap: LatencySummary;
  readonly maxGapPerStream: LatencySummary;
  readonly lastMessageToStatus: LatencySummary;
  /** Time to first token of streams that then failed: kept apart. */
  readonly failedTimeToFirstToken: LatencySummary;
  /** Messages that came whole on streams which then failed, and their bytes without gRPC's prefix. */
  readonly failedMessages: number;
  readonly failedBytes: number;
}

/** Mean in flight against throughput × mean latency over the window; equal but for calls that cross its edges. */
export interface LittlesLaw {
  readonly meanInFlight: number;
  readonly throughputRps: number;
  readonly meanResponseUs: number;
  readonly edgeTerm: number;
  readonly relativeError: number;
}

/** The target's own account of the run, for reconciliation. */
export interface TargetAccount {
  readonly rpcsReceived: number;
  readonly rpcsByStatus: Readonly<Record<string, number>>;
  readonly maxConcurrentRpcs: number;
  readonly llmCalls: number;
  readonly llmErrors: number;
  readonly callsByAgent: Readonly<Record<string, number>>;
  /** How long the conversation of the very first call already was: 0 when it opened a session. Absent: not known. */
  readonly firstSessionTurns?: number | null;
  readonly llmLatencyMinUs: number | null;
  readonly llmLatencyMaxUs: number | null;
  readonly llmLatencyMeanUs: number | null;
}

/** A file in the run's directory. */
export interface ArtifactRef {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * HdrHistogram V2, compressed, base64; values in nanoseconds. That format keeps buckets only, so what is exact stands
 * beside it: a percentile of pooled runs must lie between the least `minNs` and the greatest `maxNs`.
 */
export interface EncodedHistogram {
  readonly kind: string;
  readonly outcome: string;
  readonly hdrV2Base64: string;
  readonly count?: number;
  readonly minNs?: number;
  readonly maxNs?: number;
  /** Absent where it exceeds 2^53 - 1. */
  readonly sumNs?: number;
}

export interface StatusCount {
  /** gRPC status name. */
  readonly status: string;
  readonly count: number;
}

export interface ErrorSample {
  readonly status: string;
  readonly message: string;
  readonly count: number;
}

/** What one address of the server's name had of a run. */
export interface BackendShare {
  readonly address: string;
  /** Opened to it over the run, replaced ones included. */
  readonly connections: number;
  /** Answered in full, with what was asked before the load (health, agents). */
  readonly answeredCalls: number;
}

/** Connection facts a reader needs to judge the numbers. */
export interface ConnectionFacts {
  readonly address: string;
  readonly connections: number;
  readonly reconnects: number;
  /** Of the server's SETTINGS; null when it set none or the engine cannot tell. */
  readonly maxConcurrentStreams: number | null;
  /** Calls that waited in the engine for a connection or a free stream; the wait is part of their latency. Absent: not known. */
  readonly locallyQueuedCalls?: number | undefined;
  /** Every address the name was seen to stand for, also those without a call. Absent: the engine cannot tell. */
  readonly backends?: readonly BackendShare[] | undefined;
  readonly engine: string;
  readonly threads: number;
}

/** How an open loop kept its schedule. Whole run; `dueCalls` = `sentCalls` + `unsentCalls`. */
export interface OpenLoopFacts {
  readonly dueCalls: number;
  readonly sentCalls: number;
  /** Due, but not sent before the grace was over. */
  readonly unsentCalls: number;
  /** Sent late because as many calls as allowed were in flight. */
  readonly cappedCalls: number;
  /** Calls that were allowed in flight at once, and the most that were. */
  readonly maxInFlight: number;
  readonly mostInFlight: number;
  readonly pacing: 'timer' | 'spin';
  /** CPU of the generator in the window, cores: what the pacing cost, sending and receiving included. Null: not sampled. */
  readonly generatorCores: number | null;
}

/** What the tool itself takes for a call of nothing on this machine: one worker, an embedded target without LLM time. */
export interface NullFloor {
  readonly engine: string;
  readonly calls: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly measuredAtUtc: string;
}

/** Ok calls that met the service level that was declared before the run; calls by their intended start, like `windowCalls`. */
export interface RunGoodput {
  /** All of its conditions. */
  readonly metCalls: number;
  /** Those calls over the window's length; null when it has none. */
  readonly rps: number | null;
  readonly conditions: readonly { readonly text: string; readonly metCalls: number }[];
}

/** SHA-256 of the measuring code and of the load's configuration: equal in all runs of a benchmark. */
export interface RunIdentity {
  readonly build: string;
  readonly configSha256: string;
}

/** Everything that one run measured except raw per-call values. Written to disk; read back by `summarize`. */
export interface RunMeasurement {
  readonly startedAtUtc: string;
  readonly wallTimeMs: number;
  readonly window: MeasurementWindow;
  /** The whole run. */
  readonly calls: CallCounts;
  /** Calls whose intended start lies in the window. */
  readonly windowCalls: CallCounts;
  /** Completions with their end in the window, of any outcome, per second. */
  readonly throughputRps: number | null;
  readonly okThroughputRps: number | null;
  /** Absent when no service level was declared. */
  readonly goodput?: RunGoodput;
  /** Open loop: what was asked for; null in a closed loop. */
  readonly offeredRps: number | null;
  /** Null in a closed loop, absent in results of earlier versions. */
  readonly openLoop?: OpenLoopFacts | null | undefined;
  /** Headline latency of ok calls: service time in a closed loop, response time in an open one. */
  readonly latency: LatencySummary;
  readonly latencyKind: 'service' | 'response';
  readonly serviceTime: LatencySummary;
  readonly responseTime: LatencySummary;
  /** Dispatch − intended start, >= 0, of all measured calls of any outcome, incomplete ones included; not of ok calls only. */
  readonly sendLateness: LatencySummary;
  /** Service time minus the LLM time that the same call's trailers state; null unless the target stamps it. */
  readonly overhead: LatencySummary | null;
  readonly quantileMethod: QuantileMethod;
  readonly statusCounts: readonly StatusCount[];
  readonly topErrors: readonly ErrorSample[];
  readonly streams: StreamSummary | null;
  readonly timeline: readonly TimelineBucket[] | null;
  readonly histograms: readonly EncodedHistogram[];
  readonly resources: {
    readonly generator: readonly ProcessSample[];
    readonly target: readonly ProcessSample[] | null;
  } | null;
  readonly gc: readonly GcAssociation[] | null;
  readonly littlesLaw: LittlesLaw | null;
  /** Absent in runs of versions that did not look. */
  readonly steadiness?: Steadiness;
  /** Of the headline latency. Absent in runs of versions that did not compute them. */
  readonly percentileIntervals?: readonly PercentileInterval[];
  readonly connection: ConnectionFacts;
  /** What the server calls its version when asked for its health; null when it does not answer that. */
  readonly serverVersion: string | null;
  readonly target: TargetAccount | null;
  /** Null: not measured. */
  readonly nullFloor?: NullFloor | null | undefined;
  readonly identity?: RunIdentity | undefined;
  /** Of the host when the run began. Absent in runs of versions that did not look. */
  readonly hostFingerprint?: HostFingerprint;
  readonly gates: readonly GateResult[];
  readonly verdict: Verdict;
  readonly warnings: readonly Warning[];
  /** True when the run was stopped from outside before its end. */
  readonly interrupted: boolean;
  /** The very first call of the run; null when the window leaves it out. Absent in older runs. */
  readonly firstCall?: FirstCall | null;
  /**
   * Every call as a row of an Apache Arrow IPC file, those outside the window too; null when not collected. `values`
   * counts its rows; `complete` is false when calls were left out. (Up to 0.1: ok latencies as a JSON array.)
   */
  readonly raw: {
    readonly file: ArtifactRef;
    readonly values: number;
    readonly complete: boolean;
  } | null;
}

/** How often a run had to be tried and what that cost. */
export interface AttemptAccount {
  readonly attempt: number;
  /** Wall time between the first attempt's start and this one's; 0 for a first attempt. */
  readonly lostMs: number;
  readonly reason: string | null;
}

/** The stored result of a run (artifact `run.json`). */
export interface StoredRun {
  readonly version: 1;
  readonly key: RunKey;
  readonly attempt: AttemptAccount;
  readonly host: string;
  readonly measurement: RunMeasurement;
}

/** What the workflow keeps of a run: small, for history; the rest is behind `file`. */
export interface RunSummary {
  readonly key: RunKey;
  readonly attempt: AttemptAccount;
  readonly host: string;
  readonly file: ArtifactRef;
  readonly verdict: Verdict;
  readonly calls: CallCounts;
  readonly throughputRps: number | null;
  readonly latencyP50Us: number | null;
  readonly latencyP99Us: number | null;
  readonly errorRate: number | null;
}

/** A run that could not be measured after all its attempts; earlier runs are kept. */
export interface FailedRun {
  readonly key: RunKey;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
}
