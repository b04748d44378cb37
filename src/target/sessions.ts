// Conversations: each has its history and a lock, since Loom serves the calls of one session one at a time.

import { FairSemaphore } from './fair-semaphore.ts';
import { DRAW, drawBits, drawKey, hex8 } from './seeded-draw.ts';

/** Of one session; the oldest go first. What is counted (`messageCount`) is not affected. */
const MAX_KEPT_MESSAGES = 20_000;
/** A load with a new session per call never reuses one: beyond this the oldest are forgotten. */
const MAX_SESSIONS = 1_000_000;

export class Session {
  readonly id: string;
  /** Held by the call that is being served. */
  readonly turn = new FairSemaphore(1);
  #messages: string[] | null = null;
  #messageCount = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Messages of the conversation so far, also those no longer kept. */
  get messageCount(): number {
    return this.#messageCount;
  }

  /** One finished turn. */
  append(question: string, answer: string): void {
    this.#messageCount += 2;
    // Most sessions of a load have one turn: an array made by `push` would keep room for sixteen more messages.
    if (this.#messages === null) {
      this.#messages = [question, answer];
      return;
    }
    this.#messages.push(question, answer);
    if (this.#messages.length > MAX_KEPT_MESSAGES) this.#messages.splice(0, MAX_KEPT_MESSAGES / 2);
  }

  clearHistory(): void {
    this.#messages = null;
    this.#messageCount = 0;
  }
}

export class SessionStore {
  readonly #key: number;
  readonly #sessions = new Map<string, Session>();
  #opened = 0;

  constructor(seed: number) {
    this.#key = drawKey(seed, DRAW.sessionId);
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The session of that id, opened when unknown; an empty id opens one under a new id. */
  open(id: string): Session {
    const known = id === '' ? undefined : this.#sessions.get(id);
    if (known !== undefined) return known;
    const session = new Session(id === '' ? this.#newId() : id);
    this.#sessions.set(session.id, session);
    if (this.#sessions.size > MAX_SESSIONS) this.#forgetOldest();
    return session;
  }

  /** Draws of one key never repeat, so only an id that a client chose can be in the way. */
  #newId(): string {
    for (;;) {
      const id = `sess_${hex8(drawBits(this.#key, this.#opened++))}`;
      if (!this.#sessions.has(id)) return id;
    }
  }

  #forgetOldest(): void {
    for (const [id, session] of this.#sessions) {
      if (session.turn.held > 0) continue;
      this.#sessions.delete(id);
      return;
    }
  }
}
