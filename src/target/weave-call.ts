// One Weave or StreamWeave call on its way through the target: session lock, LLM limiter, LLM, answer. A small state
// machine instead of promises, because each promise would cost this server throughput, and because a call that its
// client gave up must leave whatever it waits for or holds, at once and from any state.

import { status } from '@grpc/grpc-js';
import type { WeaveRequest__Output } from '../protocol/generated/loom/v1/WeaveRequest.ts';
import type { MonotonicClock } from '../runtime/monotonic-clock.ts';
import type { AgentDirectory } from './agents.ts';
import { apology, type Answer, type AnswerEncoder } from './answer-encoder.ts';
import type { CallAccount } from './call-account.ts';
import type { DeadlineQueue, Due } from './deadline-queue.ts';
import type { FairSemaphore, Waiter } from './fair-semaphore.ts';
import type { MockLlm } from './mock-llm.ts';
import type { Session, SessionStore } from './sessions.ts';

/** What calls share. The mutable ones are replaced by a reset; a call keeps the books it began with. */
export interface CallContext {
  readonly clock: MonotonicClock;
  readonly queue: DeadlineQueue;
  readonly limiter: FairSemaphore;
  readonly agents: AgentDirectory;
  llm: MockLlm;
  encoder: AnswerEncoder;
  account: CallAccount;
  sessions: SessionStore;
}

type State = 'new' | 'awaiting-turn' | 'awaiting-limiter' | 'in-llm' | 'ended';

const NS_PER_US = 1000;

/** A question and its answer. */
const MESSAGES_PER_TURN = 2;

export abstract class WeaveCall implements Waiter, Due {
  nextWaiter: Waiter | null = null;
  previousWaiter: Waiter | null = null;
  deadlineNs = 0;
  heapIndex = -1;
  protected readonly context: CallContext;
  protected readonly request: WeaveRequest__Output;
  protected readonly llm: MockLlm;
  readonly #account: CallAccount;
  #session: Session | null = null;
  #agentId = '';
  #state: State = 'new';
  #callNumber = -1;
  #messages = 0;
  #llmStartedNs = 0;
  #llmNs = -1;

  constructor(context: CallContext, request: WeaveRequest__Output) {
    this.context = context;
    this.request = request;
    this.llm = context.llm;
    this.#account = context.account;
  }

  /** Takes the call in: refuses it, or sends it on its way. */
  begin(): void {
    this.#account.received();
    if (this.request.query === '') {
      this.refuse(status.INVALID_ARGUMENT, this.emptyQueryMessage());
      return;
    }
    const agent = this.context.agents.find(this.request.agentId);
    if (agent === null) {
      const message = this.context.agents.notFoundMessage(this.request.agentId);
      this.refuse(status.NOT_FOUND, message);
      return;
    }
    this.#account.addressed(agent.id);
    this.#agentId = agent.id;
    this.#session = this.context.sessions.open(this.request.sessionId);
    this.#account.openedAt(this.#session.messageCount / MESSAGES_PER_TURN);
    this.#state = 'awaiting-turn';
    this.#session.turn.acquire(this);
  }

  onGranted(): void {
    if (this.#state === 'awaiting-turn') {
      if (this.request.resetContext) this.#session?.clearHistory();
      this.onTurn();
      this.#state = 'awaiting-limiter';
      this.context.limiter.acquire(this);
      return;
    }
    this.#enterLlm();
  }

  onDue(nowNs: number): void {
    this.onLlmDue(nowNs);
  }

  /** The client went away or its deadline passed: `grpcStatus` is what it will have seen. No effect after the end. */
  abandon(grpcStatus: status): void {
    const { limiter, queue } = this.context;
    const state = this.#state;
    if (state === 'ended') return;
    this.#finish(grpcStatus);
    switch (state) {
      case 'new':
        return;
      case 'awaiting-turn':
        this.#session?.turn.withdraw(this);
        return;
      case 'awaiting-limiter':
        limiter.withdraw(this);
        break;
      case 'in-llm':
        queue.cancel(this);
        this.llm.abandoned();
        limiter.release();
        break;
    }
    this.#session?.turn.release();
  }

  /** The session is this call's now. */
  protected abstract onTurn(): void;
  /** The LLM's latency has passed, or the next chunk is due: ends the LLM call, or schedules again. */
  protected abstract onLlmDue(nowNs: number): void;
  protected abstract sendAnswer(answer: Answer, sessionId: string): void;
  protected abstract sendError(grpcStatus: status, message: string): void;
  protected abstract emptyQueryMessage(): string;

  protected get ended(): boolean {
    return this.#state === 'ended';
  }

  /** When the LLM was asked. */
  protected get llmStartedNs(): number {
    return this.#llmStartedNs;
  }

  /** Of the finished LLM call, whole µs; null when the call never had one. */
  protected get llmTimeUs(): number | null {
    return this.#llmNs < 0 ? null : Math.round(this.#llmNs / NS_PER_US);
  }

  /** Whether the draw for this call says that its LLM fails. */
  protected get llmFails(): boolean {
    return this.llm.fails(this.#callNumber);
  }

  protected refuse(grpcStatus: status, message: string): void {
    this.#finish(grpcStatus);
    this.sendError(grpcStatus, message);
  }

  protected succeed(nowNs: number, text: string): void {
    this.#leaveLlm('success', nowNs);
    this.#answer({ text, agentId: this.#agentId, messages: this.#messages, failed: false });
  }

  protected fail(nowNs: number, message: string = this.llm.config.errorMessage): void {
    this.#leaveLlm('error', nowNs);
    if (this.llm.config.errorMode === 'degraded') {
      this.#answer(apology(this.#agentId, this.#messages));
      return;
    }
    this.refuse(status.INTERNAL, message);
    this.#session?.turn.release();
  }

  #answer(answer: Answer): void {
    const session = this.#session;
    if (session === null) return;
    session.append(this.request.query, answer.text);
    this.#finish(status.OK);
    this.sendAnswer(answer, session.id);
    session.turn.release();
  }

  #enterLlm(): void {
    const { clock, queue } = this.context;
    this.#state = 'in-llm';
    this.#callNumber = this.llm.begin();
    this.#messages = (this.#session?.messageCount ?? 0) + 1;
    this.#llmStartedNs = clock.nowNs();
    const latencyNs = this.llm.latencyNs(this.#callNumber);
    this.deadlineNs = this.#llmStartedNs + latencyNs;
    if (latencyNs <= 0) this.onLlmDue(this.#llmStartedNs);
    else queue.schedule(this);
  }

  #leaveLlm(outcome: 'success' | 'error', nowNs: number): void {
    this.#llmNs = nowNs - this.#llmStartedNs;
    this.llm.ended(outcome, this.#llmNs);
    this.context.limiter.release();
  }

  #finish(grpcStatus: status): void {
    this.#state = 'ended';
    this.#account.ended(grpcStatus);
  }
}
