// The target's own books: what it received and how it ended, to be compared with what the client believes.
// Only Weave and StreamWeave count; health checks and agent lists are no load.

import { grpcStatusName, type GrpcStatusName } from '../contract/outcome.ts';
import type { TargetAccount } from '../contract/run-result.ts';
import type { ProviderMetrics } from './mock-llm.ts';

const NS_PER_US = 1000;

export class CallAccount {
  #received = 0;
  #inFlight = 0;
  #maxInFlight = 0;
  #firstSessionTurns: number | null = null;
  readonly #byStatus = new Map<GrpcStatusName, number>();
  readonly #byAgent = new Map<string, number>();

  get inFlight(): number {
    return this.#inFlight;
  }

  received(): void {
    this.#received += 1;
    this.#inFlight += 1;
    if (this.#inFlight > this.#maxInFlight) this.#maxInFlight = this.#inFlight;
  }

  /** A call that named an agent that exists (or the default one). */
  addressed(agentId: string): void {
    this.#byAgent.set(agentId, (this.#byAgent.get(agentId) ?? 0) + 1);
  }

  /** The turns that a call's session had before it. */
  openedAt(turns: number): void {
    this.#firstSessionTurns ??= turns;
  }

  ended(grpcStatus: number): void {
    this.#inFlight -= 1;
    const name = grpcStatusName(grpcStatus);
    this.#byStatus.set(name, (this.#byStatus.get(name) ?? 0) + 1);
  }

  snapshot(llm: ProviderMetrics): TargetAccount {
    const ended = llm.successCount + llm.errorCount;
    return {
      rpcsReceived: this.#received,
      rpcsByStatus: Object.fromEntries(this.#byStatus),
      maxConcurrentRpcs: this.#maxInFlight,
      llmCalls: llm.totalCalls,
      llmErrors: llm.errorCount,
      callsByAgent: Object.fromEntries(this.#byAgent),
      firstSessionTurns: this.#firstSessionTurns,
      llmLatencyMinUs: llm.minLatencyNs === null ? null : Math.floor(llm.minLatencyNs / NS_PER_US),
      llmLatencyMaxUs: llm.maxLatencyNs === null ? null : Math.ceil(llm.maxLatencyNs / NS_PER_US),
      llmLatencyMeanUs: ended === 0 ? null : llm.sumLatencyNs / ended / NS_PER_US,
    };
  }
}
