// StreamWeave: the agent says that it has begun, then the LLM's text arrives chunk by chunk, then the answer.
// Chunk k is due at firstTokenDue + k · delay. The schedule is absolute: a late chunk does not move the next one, so a
// stream of n chunks takes base + (n - 1) · delay and not the sum of n timers' lateness more.

import type { ServerWritableStream, status } from '@grpc/grpc-js';
import type { WeaveRequest__Output } from '../protocol/generated/loom/v1/WeaveRequest.ts';
import type { Answer, TokenScript } from './answer-encoder.ts';
import { llmTimeTrailer } from './unary-weave.ts';
import { WeaveCall, type CallContext } from './weave-call.ts';

const NS_PER_MS = 1_000_000;
const MS_PER_S = 1000;

export class StreamWeave extends WeaveCall {
  readonly #call: ServerWritableStream<WeaveRequest__Output, Buffer>;
  #script: TokenScript | null = null;
  #chunksSent = 0;
  #firstTokenDueNs = 0;
  #chunkDelayNs = 0;
  #ttftMs = 0;

  constructor(context: CallContext, call: ServerWritableStream<WeaveRequest__Output, Buffer>) {
    super(context, call.request);
    this.#call = call;
  }

  protected onTurn(): void {
    this.#call.write(this.context.encoder.begun(unixSecond()));
  }

  protected onLlmDue(nowNs: number): void {
    const script = this.#script ?? this.#firstToken(nowNs);
    if (script === null) return;
    this.#sendDueChunks(script, nowNs);
    if (this.#chunksSent < script.tokens.length) {
      this.deadlineNs = this.#chunkDueNs();
      this.context.queue.schedule(this);
      return;
    }
    this.#write(script.complete);
    this.succeed(nowNs, script.text);
  }

  protected sendAnswer(answer: Answer): void {
    this.#write(this.context.encoder.completed(answer));
    this.#call.end(llmTimeTrailer(this.llmTimeUs));
  }

  protected sendError(grpcStatus: status, message: string): void {
    const metadata = llmTimeTrailer(this.llmTimeUs);
    this.#call.emit('error', { code: grpcStatus, details: message, metadata });
  }

  protected emptyQueryMessage(): string {
    return 'query cannot be empty';
  }

  /** What the LLM says; null when it failed and the stream is over. */
  #firstToken(nowNs: number): TokenScript | null {
    if (this.llmFails) {
      this.fail(nowNs);
      return null;
    }
    try {
      this.#script = this.context.encoder.script(this.llm.answer(this.request.query));
    } catch (thrown) {
      this.fail(nowNs, `the computed response threw: ${String(thrown)}`);
      return null;
    }
    this.#firstTokenDueNs = this.deadlineNs;
    this.#chunkDelayNs = this.llm.chunkDelayNs;
    this.#ttftMs = Math.floor((nowNs - this.llmStartedNs) / NS_PER_MS);
    return this.#script;
  }

  #sendDueChunks(script: TokenScript, nowNs: number): void {
    for (;;) {
      const chunk = script.tokens[this.#chunksSent];
      if (chunk === undefined || this.#chunkDueNs() > nowNs) return;
      this.#write(chunk);
      this.#chunksSent += 1;
    }
  }

  #chunkDueNs(): number {
    return this.#firstTokenDueNs + this.#chunksSent * this.#chunkDelayNs;
  }

  #write(message: Buffer): void {
    this.#call.write(this.context.encoder.stamped(message, unixSecond(), this.#ttftMs));
  }
}

/** A time of day for the client to read, never a duration. */
function unixSecond(): number {
  return Math.floor(Date.now() / MS_PER_S);
}
