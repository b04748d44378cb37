// The validated, fully defaulted configuration of one benchmark: plain JSON, safe to put in Temporal history.
// Text and flags become this in src/config; nothing else constructs it from user input.

import type { HostPolicy } from './host-policy.ts';
import type { PrecisionGoal } from './precision.ts';
import type { ReportFormat } from './report-format.ts';
import type { RegressionWatch } from './regression-watch.ts';
import type { SloCondition } from './slo.ts';
import type { Threshold } from './threshold.ts';

/** How the mock LLM of the embedded target behaves (the seed's `ProviderConfig`). */
export interface ProviderConfig {
  readonly name: string;
  readonly model: string;
  readonly baseLatencyMs: number;
  /** Added to the base: uniform in [0, jitterMs). */
  readonly jitterMs: number;
  /** `exponential` draws the whole latency from Exp(mean baseLatencyMs): for queueing experiments with known answers. */
  readonly latencyDistribution: 'uniform' | 'exponential';
  /** Probability in [0, 1] that an LLM call fails, after its latency has passed. */
  readonly errorRate: number;
  readonly errorMessage: string;
  /** `degraded` answers as Loom does (OK status, apology, no tokens); `status` ends the RPC with INTERNAL. */
  readonly errorMode: 'degraded' | 'status';
  /** Fixed answer text; null echoes the last message. */
  readonly responseText: string | null;
  readonly streamChunkSize: number;
  readonly streamChunkDelayMs: number;
  readonly inputTokensPerMessage: number;
  readonly outputTokens: number;
  readonly costUsdPerCall: number;
}

/** When calls are released. `closed` is the only model in which the server's speed sets the rate. */
export type ArrivalModel =
  | { readonly kind: 'closed' }
  | { readonly kind: 'constant'; readonly ratePerS: number }
  | { readonly kind: 'poisson'; readonly ratePerS: number }
  | { readonly kind: 'gamma'; readonly ratePerS: number; readonly burstiness: number }
  | { readonly kind: 'stages'; readonly stages: readonly LoadStage[] }
  | { readonly kind: 'replay'; readonly path: string };

/** Rate moves linearly from the previous stage's rate only when `ramp`; otherwise it steps. */
export interface LoadStage {
  readonly ratePerS: number;
  readonly durationMs: number;
  readonly ramp: boolean;
}

export const ENGINE_NAMES = ['wire', 'grpc-js'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** TLS towards the server under test; null in the config means plaintext. Paths are PEM files. */
export interface TlsConfig {
  readonly caPath: string | null;
  readonly certPath: string | null;
  readonly keyPath: string | null;
  readonly serverName: string | null;
  readonly skipVerify: boolean;
}

/** Whether a server given by address is known to run with the LLM settings of the configuration. */
export const SERVER_SETTINGS = ['unknown', 'checked', 'trusted'] as const;
export type ServerSettings = (typeof SERVER_SETTINGS)[number];

/** The load of one run (the seed's `HarnessConfig`). Milliseconds throughout. */
export interface HarnessConfig {
  readonly concurrency: number;
  /** 0: run for `durationMs` instead; both 0 when a replayed schedule ends the run. */
  readonly totalRequests: number;
  readonly durationMs: number;
  readonly requestTimeoutMs: number;
  readonly llm: ProviderConfig;
  readonly useStreaming: boolean;
  readonly query: string;
  /** Worker i starts at rampUpMs · i / concurrency. */
  readonly rampUpMs: number;
  /** Closed loop: each worker starts up to this much later, by a seeded draw. Absent: at its turn. */
  readonly initialPhaseMs?: number | undefined;
  /** 0: the server's default of 5. */
  readonly llmConcurrencyLimit: number;
  /** Empty: every call opens a new session. */
  readonly sessionId: string;
  /** 0 or 1: the default agent; N > 1: calls go round-robin over N agents by id. */
  readonly numAgents: number;
  /** Empty: an embedded target is started for the run. `host:port`, `[v6]:port` or `unix:/path`. */
  readonly serverAddr: string;
  /** Absent: unknown. */
  readonly serverSettings?: ServerSettings;
  readonly tls: TlsConfig | null;
  /** Sent with every call, lower-case names. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  /** After the last call was issued, how long calls in flight may still finish before they count as incomplete. */
  readonly graceMs: number;
  readonly engine: EngineName;
  /** HTTP/2 connections per thread; 0 lets the engine choose. */
  readonly connections: number;
  /** Threads of the generator, each with its own connections; 0: by load and free cores. */
  readonly threads: number;
  readonly arrival: ArrivalModel;
  /** Open loop only: calls that may be in flight at once. */
  readonly maxInFlight: number;
  /** `timer` sleeps and is some 0.1 ms late; `spin` polls, which takes a core, and is not. */
  readonly pacing: 'timer' | 'spin';
  readonly maxReceiveMessageBytes: number;
  readonly seed: number;
  /** What a call must meet to count as goodput. Absent: see `sloLatencyMs`. */
  readonly slo?: readonly SloCondition[];
  /** Latency within which an answer is of use, where that is all there is to say. Absent: none declared. */
  readonly sloLatencyMs?: number;
}

/** What each run collects besides its counts and histograms. */
export interface CollectorConfig {
  readonly timeSeries: boolean;
  /** Publish raw latency values (the seed's `latency_histogram`). */
  readonly histogram: boolean;
  readonly resources: boolean;
  readonly gcCorrelation: boolean;
}

/** The seed's `BenchmarkConfig`. */
export interface BenchmarkConfig extends HarnessConfig {
  readonly runs: number;
  readonly warmupRuns: number;
  /** Duration mode: trimmed from the start of every run. Count mode: any value but 0 trims the first 10 % of calls. */
  readonly perRunWarmupMs: number;
  readonly scenarioName: string;
  /** Empty: only the artifact directory gets the report. */
  readonly outputPath: string;
  readonly collect: CollectorConfig;
  /** Idle time between runs. */
  readonly cooldownMs: number;
  /** Written beside the report file; absent: none. */
  readonly reportFormats?: readonly ReportFormat[];
  /** Absent: none. */
  readonly thresholds?: readonly Threshold[];
  /** Absent: `runs` is the number of runs. */
  readonly precision?: PrecisionGoal;
  /** Absent: as DEFAULT_HOST_POLICY says. */
  readonly hosts?: HostPolicy;
  /** Absent: as DEFAULT_WATCH says. */
  readonly watch?: RegressionWatch;
}
