// Drives an engine call by call and keeps what it says, for tests that compare engines with what a server did.

import type {
  CallEnd,
  CallTemplate,
  Engine,
  MessageFacts,
} from '../../src/harness/engines/engine.ts';
import type { MonotonicClock } from '../../src/runtime/monotonic-clock.ts';

export interface SeenCall {
  readonly messages: (MessageFacts & { atNs: number })[];
  readonly end: CallEnd;
  readonly tookMs: number;
}

export interface ProbeOptions {
  readonly streaming?: boolean;
  readonly timeoutMs?: number;
  readonly metadata?: Record<string, string>;
  readonly templates?: CallTemplate[];
  readonly slots?: number;
}

export class EngineProbe {
  /** Ends per slot; a call that ends twice shows as 2. */
  readonly ends: number[];
  readonly #engine: Engine;
  readonly #clock: MonotonicClock;
  readonly #startedNs: number[] = [];
  readonly #messages: (MessageFacts & { atNs: number })[][] = [];
  readonly #waiting: ((call: SeenCall) => void)[] = [];

  constructor(engine: Engine, clock: MonotonicClock, options: ProbeOptions = {}) {
    const slots = options.slots ?? 1;
    this.#engine = engine;
    this.#clock = clock;
    this.ends = new Array<number>(slots).fill(0);
    const setup = {
      streaming: options.streaming ?? false,
      timeoutMs: options.timeoutMs ?? 5000,
      metadata: options.metadata ?? {},
      templates: options.templates ?? [{ query: 'q', sessionId: '', agentId: '' }],
      slots,
    };
    engine.prepare(setup, {
      onMessage: (slot, atNs, facts) => this.#messages[slot]?.push({ ...facts, atNs }),
      onEnd: (slot, atNs, end) => {
        this.ends[slot] = (this.ends[slot] ?? 0) + 1;
        this.#waiting[slot]?.({
          messages: this.#messages[slot] ?? [],
          end: { ...end },
          tookMs: (atNs - (this.#startedNs[slot] ?? 0)) / 1e6,
        });
      },
    });
  }

  call(slot = 0, template = 0): Promise<SeenCall> {
    return new Promise((resolve) => {
      this.#messages[slot] = [];
      this.#waiting[slot] = resolve;
      this.#startedNs[slot] = this.#clock.nowNs();
      this.#engine.start(slot, template);
    });
  }
}
