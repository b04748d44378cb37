// Weave: one question, one answer.

import { Metadata, type sendUnaryData, type ServerUnaryCall, type status } from '@grpc/grpc-js';
import { LLM_TIME_TRAILER } from '../protocol/answers.ts';
import type { WeaveRequest__Output } from '../protocol/generated/loom/v1/WeaveRequest.ts';
import type { Answer } from './answer-encoder.ts';
import { WeaveCall, type CallContext } from './weave-call.ts';

export class UnaryWeave extends WeaveCall {
  readonly #respond: sendUnaryData<Buffer>;

  constructor(
    context: CallContext,
    call: ServerUnaryCall<WeaveRequest__Output, Buffer>,
    respond: sendUnaryData<Buffer>,
  ) {
    super(context, call.request);
    this.#respond = respond;
  }

  protected onTurn(): void {
    // Nothing is said before the answer.
  }

  protected onLlmDue(nowNs: number): void {
    if (this.llmFails) {
      this.fail(nowNs);
      return;
    }
    let text: string;
    try {
      text = this.llm.answer(this.request.query);
    } catch (thrown) {
      this.fail(nowNs, `the computed response threw: ${String(thrown)}`);
      return;
    }
    this.succeed(nowNs, text);
  }

  protected sendAnswer(answer: Answer, sessionId: string): void {
    this.#respond(
      null,
      this.context.encoder.response(answer, sessionId),
      llmTimeTrailer(this.llmTimeUs),
    );
  }

  protected sendError(grpcStatus: status, message: string): void {
    this.#respond({ code: grpcStatus, details: message, metadata: llmTimeTrailer(this.llmTimeUs) });
  }

  protected emptyQueryMessage(): string {
    return 'query is required';
  }
}

/** Trailing metadata of an answer; empty when no LLM call was finished. */
export function llmTimeTrailer(llmTimeUs: number | null): Metadata {
  const trailer = new Metadata();
  if (llmTimeUs !== null) trailer.set(LLM_TIME_TRAILER, String(llmTimeUs));
  return trailer;
}
