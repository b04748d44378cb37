// Answers as bytes. A benchmark asks the same question thousands of times, and this server's speed is the ceiling of what
// can be measured against it: everything that is equal in two answers is encoded once. Protobuf allows it, since a
// message may be built by joining the encodings of its parts. What differs is written by hand: session id, time.

import type { ServiceDefinition } from '@grpc/grpc-js';
import { APOLOGY_TEXT } from '../protocol/answers.ts';
import { loadLoomService } from '../protocol/loom-service.ts';
import type { CostInfo } from '../protocol/generated/loom/v1/CostInfo.ts';
import type { WeaveProgress } from '../protocol/generated/loom/v1/WeaveProgress.ts';
import type { WeaveResponse } from '../protocol/generated/loom/v1/WeaveResponse.ts';
import { chunkEnds, type MockLlm, type Usage } from './mock-llm.ts';

/** Of the real server. */
const CONTEXT_TOKENS_MAX = 200_000;
/** Tag bytes: field number · 8 + wire type. */
const TAG = { weaveSessionId: 0x1a, progressTimestamp: 0x28, progressTtftMs: 0x58 } as const;
const EMPTY = Buffer.alloc(0);

/** What an answer of either kind says. */
export interface Answer {
  readonly text: string;
  readonly agentId: string;
  /** Conversation that the LLM was given. */
  readonly messages: number;
  /** The LLM failed: Loom apologises and states no usage. */
  readonly failed: boolean;
}

interface EncodedAnswer {
  readonly answer: Answer;
  readonly bytes: Buffer;
}

/** The messages of a stream up to the end of the LLM's text; each still lacks its time. */
export interface TokenScript {
  readonly text: string;
  readonly tokens: readonly Buffer[];
  readonly complete: Buffer;
}

export class AnswerEncoder {
  readonly #llm: MockLlm;
  readonly #encodeResponse: (response: WeaveResponse) => Buffer;
  readonly #encodeProgress: (progress: WeaveProgress) => Buffer;
  readonly #preamble: Buffer;
  #response: EncodedAnswer | null = null;
  #completed: EncodedAnswer | null = null;
  #script: TokenScript | null = null;
  #stampSecond = -1;
  #stampTtftMs = -1;
  #stamp = EMPTY;

  constructor(llm: MockLlm) {
    this.#llm = llm;
    const service: ServiceDefinition = loadLoomService();
    const { Weave: weave, StreamWeave: streamWeave } = service;
    if (weave === undefined || streamWeave === undefined) throw new Error('incomplete service');
    this.#encodeResponse = weave.responseSerialize;
    this.#encodeProgress = streamWeave.responseSerialize;
    this.#preamble = this.#encodeProgress({
      stage: 'EXECUTION_STAGE_LLM_GENERATION',
      progress: 90,
      message: 'Synthesizing tool execution results',
    });
  }

  /** After the LLM was reconfigured. */
  forget(): void {
    this.#response = null;
    this.#completed = null;
    this.#script = null;
  }

  /** A WeaveResponse. */
  response(answer: Answer, sessionId: string): Buffer {
    if (this.#response === null || !sameAnswer(this.#response.answer, answer)) {
      const bytes = this.#encodeResponse({
        text: answer.text,
        agentId: answer.agentId,
        ...this.#closing(answer),
      });
      this.#response = { answer, bytes };
    }
    const { bytes } = this.#response;
    const idLength = Buffer.byteLength(sessionId);
    const prefix = varint(TAG.weaveSessionId, idLength);
    const out = Buffer.allocUnsafe(bytes.length + prefix.length + idLength);
    bytes.copy(out, 0);
    prefix.copy(out, bytes.length);
    out.write(sessionId, bytes.length + prefix.length);
    return out;
  }

  /** The WeaveProgress that says that the agent has begun. */
  begun(unixSecond: number): Buffer {
    return this.stamped(this.#preamble, unixSecond, 0);
  }

  /** The WeaveProgress messages for the LLM's text, one per chunk and one when it is complete. */
  script(text: string): TokenScript {
    if (this.#script?.text === text) return this.#script;
    const ends = chunkEnds(text, this.#llm.config.streamChunkSize);
    const tokens = ends.map((end, index) =>
      this.#encodeProgress({
        stage: 'EXECUTION_STAGE_LLM_GENERATION',
        progress: 50,
        message: 'Streaming LLM response...',
        partialContent: text.slice(0, end),
        isTokenStream: true,
        tokenCount: index + 1,
      }),
    );
    const complete = this.#encodeProgress({
      stage: 'EXECUTION_STAGE_LLM_GENERATION',
      progress: 100,
      message: 'LLM response complete',
      partialContent: text,
      tokenCount: ends.length,
    });
    this.#script = { text, tokens, complete };
    return this.#script;
  }

  /** The last WeaveProgress of a stream; lacks its time. */
  completed(answer: Answer): Buffer {
    if (this.#completed === null || !sameAnswer(this.#completed.answer, answer)) {
      const bytes = this.#encodeProgress({
        stage: 'EXECUTION_STAGE_COMPLETED',
        progress: 100,
        message: 'Query completed successfully',
        partialResult: { type: 'text', dataJson: answer.text },
        partialContent: answer.text,
        ...this.#closing(answer),
      });
      this.#completed = { answer, bytes };
    }
    return this.#completed.bytes;
  }

  /** A WeaveProgress with its time, and with the time to the first token where there was one. */
  stamped(message: Buffer, unixSecond: number, ttftMs: number): Buffer {
    if (unixSecond !== this.#stampSecond || ttftMs !== this.#stampTtftMs) {
      this.#stampSecond = unixSecond;
      this.#stampTtftMs = ttftMs;
      const time = varint(TAG.progressTimestamp, unixSecond);
      const ttft = ttftMs > 0 ? varint(TAG.progressTtftMs, ttftMs) : EMPTY;
      this.#stamp = Buffer.concat([time, ttft]);
    }
    return Buffer.concat([message, this.#stamp], message.length + this.#stamp.length);
  }

  #closing(answer: Answer): Pick<WeaveResponse, 'cost' | 'contextState'> {
    const usage = this.#llm.usage(answer.messages);
    const used = usage.inputTokens + (answer.failed ? 0 : usage.outputTokens);
    return {
      cost: this.#cost(answer.failed ? null : usage),
      contextState: { contextTokensUsed: used, contextTokensMax: CONTEXT_TOKENS_MAX },
    };
  }

  #cost(usage: Usage | null): CostInfo {
    const { model, name: provider } = this.#llm.config;
    if (usage === null) return { llmCost: { model, provider } };
    return {
      totalCostUsd: usage.costUsd,
      llmCost: {
        model,
        provider,
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        totalTokens: usage.inputTokens + usage.outputTokens,
        costUsd: usage.costUsd,
      },
    };
  }
}

export function apology(agentId: string, messages: number): Answer {
  return { text: APOLOGY_TEXT, agentId, messages, failed: true };
}

function sameAnswer(a: Answer, b: Answer): boolean {
  return (
    a.messages === b.messages &&
    a.failed === b.failed &&
    a.agentId === b.agentId &&
    a.text === b.text
  );
}

/** A tag byte and a base-128 varint of a non-negative safe integer. */
function varint(tag: number, value: number): Buffer {
  const bytes = [tag];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
