// Load is offered only while the supervisor has been heard of: one that stands still is soon held for dead, and its run begun
// again elsewhere, which this load must not disturb. Once closed it stays closed, also when the supervisor comes back. Its
// memory is shared with the load threads.

export interface FencePlan {
  readonly limitMs: number;
  /** One number: when the supervisor was heard last, ns of the run's clock; -Infinity when closed. */
  readonly memory: SharedArrayBuffer;
}

const CLOSED = -Infinity;

export class LoadFence {
  readonly plan: FencePlan;
  readonly #heard: Float64Array;
  readonly #limitNs: number;

  constructor(plan: FencePlan) {
    this.plan = plan;
    this.#heard = new Float64Array(plan.memory);
    this.#limitNs = plan.limitMs * 1e6;
  }

  static opened(limitMs: number, nowNs: number): LoadFence {
    const memory = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
    const fence = new LoadFence({ limitMs, memory });
    fence.#heard[0] = nowNs;
    return fence;
  }

  get isClosed(): boolean {
    return this.#heard[0] === CLOSED;
  }

  hear(nowNs: number): void {
    if (!this.isClosed) this.#heard[0] = nowNs;
  }

  /** Whether load may be offered now; cheap enough to be asked for each call. */
  admits(nowNs: number): boolean {
    const heardNs = this.#heard[0] ?? CLOSED;
    if (nowNs - heardNs <= this.#limitNs) return true;
    this.#heard[0] = CLOSED;
    return false;
  }
}
