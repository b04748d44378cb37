// The simulated LLM provider: how long a call takes, whether it fails, what it says and what it states as usage.
// It decides and counts; waiting is the caller's (deadline-queue.ts), so that one queue serves all calls.

import type { ProviderConfig } from '../contract/config.ts';
import { DRAW, drawKey, drawUniform } from './seeded-draw.ts';

const NS_PER_MS = 1_000_000;
/** Loom's own reading of a chunk delay that is not positive. */
export const DEFAULT_CHUNK_DELAY_MS = 5;
export const DEFAULT_CHUNK_SIZE = 10;
const ECHO_PREFIX = 'Load test response for: ';

export interface MockLlmOptions {
  readonly config: ProviderConfig;
  readonly seed: number;
  /** Computes the answer from the last message; wins over `config.responseText`. Library only: a function crosses no process. */
  readonly respond?: ((lastMessage: string) => string) | undefined;
}

/** Counts since the start or the last reset; latencies of calls that ended by themselves, null when there was none. */
export interface ProviderMetrics {
  /** Calls begun: success + error + abandoned + still going on. */
  readonly totalCalls: number;
  readonly successCount: number;
  readonly errorCount: number;
  /** Calls whose client went away first. */
  readonly abandonedCount: number;
  readonly sumLatencyNs: number;
  readonly minLatencyNs: number | null;
  readonly maxLatencyNs: number | null;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export class MockLlm {
  readonly #latencyKey: number;
  readonly #failureKey: number;
  readonly #respond: ((lastMessage: string) => string) | undefined;
  #config: ProviderConfig;
  #begun = 0;
  #succeeded = 0;
  #failed = 0;
  #abandoned = 0;
  #sumNs = 0;
  #minNs = Infinity;
  #maxNs = -Infinity;
  #lastMessage = '';
  #lastText: string | null = null;

  constructor(options: MockLlmOptions) {
    this.#latencyKey = drawKey(options.seed, DRAW.latency);
    this.#failureKey = drawKey(options.seed, DRAW.failure);
    this.#respond = options.respond;
    this.#config = options.config;
  }

  get config(): ProviderConfig {
    return this.#config;
  }

  /** In force from the next call on. */
  reconfigure(config: ProviderConfig): void {
    this.#config = config;
    this.#lastText = null;
  }

  /** Begins a call and numbers it: 0, 1, 2, … in the order in which calls got past the limiter. */
  begin(): number {
    return this.#begun++;
  }

  /** Time to the answer, or to the first token of a stream. */
  latencyNs(callNumber: number): number {
    const { baseLatencyMs, jitterMs, latencyDistribution } = this.#config;
    if (latencyDistribution === 'exponential') {
      const u = drawUniform(this.#latencyKey, callNumber);
      return -Math.log1p(-u) * baseLatencyMs * NS_PER_MS;
    }
    if (jitterMs <= 0) return baseLatencyMs * NS_PER_MS;
    return (baseLatencyMs + drawUniform(this.#latencyKey, callNumber) * jitterMs) * NS_PER_MS;
  }

  fails(callNumber: number): boolean {
    const { errorRate } = this.#config;
    return errorRate > 0 && drawUniform(this.#failureKey, callNumber) < errorRate;
  }

  /** Between two chunks. */
  get chunkDelayNs(): number {
    const { streamChunkDelayMs } = this.#config;
    return (streamChunkDelayMs > 0 ? streamChunkDelayMs : DEFAULT_CHUNK_DELAY_MS) * NS_PER_MS;
  }

  /** Throws what `respond` throws. The same message gives the same string, so that callers may compare by identity. */
  answer(lastMessage: string): string {
    if (this.#respond !== undefined) return this.#respond(lastMessage);
    const { responseText } = this.#config;
    if (responseText !== null) return responseText;
    if (this.#lastText === null || lastMessage !== this.#lastMessage) {
      this.#lastMessage = lastMessage;
      this.#lastText = ECHO_PREFIX + lastMessage;
    }
    return this.#lastText;
  }

  /** `messages`: length of the conversation that the LLM was given. */
  usage(messages: number): Usage {
    const { inputTokensPerMessage, outputTokens, costUsdPerCall } = this.#config;
    return {
      inputTokens: inputTokensPerMessage * messages,
      outputTokens,
      costUsd: costUsdPerCall,
    };
  }

  ended(outcome: 'success' | 'error', latencyNs: number): void {
    if (outcome === 'success') this.#succeeded += 1;
    else this.#failed += 1;
    this.#sumNs += latencyNs;
    if (latencyNs < this.#minNs) this.#minNs = latencyNs;
    if (latencyNs > this.#maxNs) this.#maxNs = latencyNs;
  }

  abandoned(): void {
    this.#abandoned += 1;
  }

  metrics(): ProviderMetrics {
    const none = this.#succeeded + this.#failed === 0;
    return {
      totalCalls: this.#begun,
      successCount: this.#succeeded,
      errorCount: this.#failed,
      abandonedCount: this.#abandoned,
      sumLatencyNs: this.#sumNs,
      minLatencyNs: none ? null : this.#minNs,
      maxLatencyNs: none ? null : this.#maxNs,
    };
  }
}

/**
 * Where the chunks of a text end: every `size` UTF-16 units, one more where that would split a character outside the
 * basic plane. The last chunk may be shorter; an empty text has no chunks.
 */
export function chunkEnds(text: string, size: number): number[] {
  const step = size >= 1 ? Math.floor(size) : DEFAULT_CHUNK_SIZE;
  const ends: number[] = [];
  for (let end = step; end < text.length; end += step) {
    const code = text.charCodeAt(end);
    if (code >= 0xdc00 && code <= 0xdfff) end += 1;
    if (end < text.length) ends.push(end);
  }
  if (text.length > 0) ends.push(text.length);
  return ends;
}
