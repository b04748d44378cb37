// Load is offered only while the supervisor has been heard of: one that stands still is soon held for dead, and its run begun
// again elsewhere, which this load must not disturb. Once closed it stays closed, also when the supervisor comes back. Its
// memory is shared with the load threads.

export interface FencePlan {
  readonly limitMs: number;
  /** Two numbers: when the supervisor was heard last, ns of the run's clock; and 1 once it is closed. */
  readonly memory: SharedArrayBuffer;
}

/** Whether it is closed is a number of its own: a thread that writes the other one cannot open it again. */
const CELL = { heardNs: 0, closed: 1 } as const;
const CELLS = 2;

export class LoadFence {
  readonly plan: FencePlan;
  readonly #cells: Float64Array;
  readonly #limitNs: number;

  constructor(plan: FencePlan) {
    this.plan = plan;
    this.#cells = new Float64Array(plan.memory);
    this.#limitNs = plan.limitMs * 1e6;
  }

  static opened(limitMs: number, nowNs: number): LoadFence {
    const memory = new SharedArrayBuffer(CELLS * Float64Array.BYTES_PER_ELEMENT);
    const fence = new LoadFence({ limitMs, memory });
    fence.hear(nowNs);
    return fence;
  }

  get isClosed(): boolean {
    return this.#cells[CELL.closed] === 1;
  }

  hear(nowNs: number): void {
    this.#cells[CELL.heardNs] = nowNs;
  }

  /** Whether load may be offered now; cheap enough to be asked for each call. */
  admits(nowNs: number): boolean {
    if (this.isClosed) return false;
    if (nowNs - (this.#cells[CELL.heardNs] ?? 0) <= this.#limitNs) return true;
    this.#cells[CELL.closed] = 1;
    return false;
  }
}
