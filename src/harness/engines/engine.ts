// The port between what offers load and what speaks gRPC. Built for engines that allocate nothing per call:
// calls are known by a small integer slot, times are plain numbers, and facts come in objects that are reused.

import type { ConnectionFacts } from '../../contract/run-result.ts';

/** What a decoded message said. One instance is reused by the engine: read it during the callback, never keep it. */
export interface MessageFacts {
  /** Bytes of the message's payload. */
  bytes: number;
  /** WeaveProgress.is_token_stream, false for Weave. */
  isToken: boolean;
  /** Running token count of the stream so far; 0 when the message states none. */
  tokenCount: number;
  /** Length of partial_content (StreamWeave) or text (Weave), bytes. */
  contentBytes: number;
  /** Stage COMPLETED; true for every Weave answer. */
  completed: boolean;
  /** Stage FAILED. */
  failed: boolean;
  /** cost.llm_cost: total, or input + output where the total is absent; 0 when absent. */
  llmTokens: number;
  /** The text is Loom's apology for an LLM that failed (answers.ts). */
  apology: boolean;
}

export interface CallEnd {
  grpcStatus: number;
  /** Decoded status message; '' for OK. */
  statusMessage: string;
  /** Who ended it: the server's status, or this side (deadline, cancel, lost connection). */
  origin: 'server' | 'client';
  /** LLM time that the target stamped into the trailers, µs; NaN when absent. */
  llmTimeUs: number;
}

/** Times are MonotonicClock.nowNs values taken when the bytes were read. */
export interface EngineEvents {
  /** Once per message of a started call. */
  onMessage(slot: number, atNs: number, facts: MessageFacts): void;
  /** Exactly once per started call, the last thing heard of it; the slot may then be started again at once. */
  onEnd(slot: number, atNs: number, end: CallEnd): void;
}

/** A request in the terms of the contract; engines encode each variant once. */
export interface CallTemplate {
  readonly query: string;
  readonly sessionId: string;
  readonly agentId: string;
}

export interface CallSetup {
  readonly streaming: boolean;
  readonly timeoutMs: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Calls name one of these by index. */
  readonly templates: readonly CallTemplate[];
  /** Slots are 0 … slots-1. */
  readonly slots: number;
}

export interface AgentSummary {
  readonly id: string;
  readonly name: string;
}

export interface ServerHealth {
  readonly status: string;
  readonly version: string;
}

export interface Engine {
  /** Connects every connection and waits until it can carry calls. Throws BenchmarkError 'target-unreachable'. */
  connect(timeoutMs: number): Promise<void>;
  /** GetHealth; null when the server does not implement it (a live server all the same). */
  health(timeoutMs: number): Promise<ServerHealth | null>;
  /** All pages of ListAgents. Throws BenchmarkError when the server refuses. */
  listAgents(timeoutMs: number): Promise<AgentSummary[]>;
  /** Fixes what the calls will be; once, before the first start. */
  prepare(setup: CallSetup, events: EngineEvents): void;
  /** Begins a call now. Never throws: what cannot be sent ends through onEnd (not before start returns). */
  start(slot: number, template: number): void;
  /** The call ends with CANCELLED through onEnd. No effect on a slot that is free. */
  cancel(slot: number): void;
  facts(): ConnectionFacts;
  close(): Promise<void>;
}
