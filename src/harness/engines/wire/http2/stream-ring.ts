// Stream id → slot, for one connection: one array read per frame. Ids only grow, so a ring of the last ones is enough;
// an id whose cell is still taken by a much older stream is simply skipped, which the protocol allows (RFC 9113, 5.1.1:
// the use of an id closes all lower idle ones).

import { int32At } from '../typed-access.ts';
import { MAX_STREAM_ID } from './protocol.ts';

const FREE = -1;
const FIRST_ID = 1;
const INITIAL_CELLS = 256;
/** At most half of the cells are in use: a free one is then near, and few ids are skipped. */
const CELLS_PER_STREAM = 2;

export class StreamRing {
  #slotOfCell = new Int32Array(INITIAL_CELLS).fill(FREE);
  #idOfCell = new Int32Array(INITIAL_CELLS);
  #mask = INITIAL_CELLS - 1;
  #live = 0;
  #nextId: number;

  /** `firstId` (odd) is for tests of the end of the id space. */
  constructor(firstId: number = FIRST_ID) {
    this.#nextId = firstId;
  }

  get live(): number {
    return this.#live;
  }

  /**
   * The ids are used up and the connection has to be replaced. A round of the ring early, so that an id whose cell is
   * taken can always be skipped.
   */
  get exhausted(): boolean {
    return this.#nextId > MAX_STREAM_ID - 2 * (this.#mask + 1);
  }

  /** The next stream id, bound to `slot`; 0 when the ids are used up. */
  open(slot: number): number {
    if ((this.#live + 1) * CELLS_PER_STREAM > this.#mask + 1) this.#grow();
    while (this.#nextId <= MAX_STREAM_ID) {
      const id = this.#nextId;
      this.#nextId += 2;
      const cell = (id >>> 1) & this.#mask;
      if (int32At(this.#slotOfCell, cell) !== FREE) continue;
      this.#slotOfCell[cell] = slot;
      this.#idOfCell[cell] = id;
      this.#live += 1;
      return id;
    }
    return 0;
  }

  /** The slot of an open stream, or -1. */
  slotOf(id: number): number {
    const cell = (id >>> 1) & this.#mask;
    return int32At(this.#idOfCell, cell) === id ? int32At(this.#slotOfCell, cell) : FREE;
  }

  close(id: number): void {
    const cell = (id >>> 1) & this.#mask;
    if (int32At(this.#idOfCell, cell) !== id) return;
    this.#slotOfCell[cell] = FREE;
    this.#idOfCell[cell] = 0;
    this.#live -= 1;
  }

  /** True for an id that we never used: a frame for it is the server's invention. */
  isIdle(id: number): boolean {
    return id >= this.#nextId || (id & 1) === 0;
  }

  /** Ids that differ modulo the old size differ modulo twice that size, so nothing can collide here. */
  #grow(): void {
    const oldSlots = this.#slotOfCell;
    const oldIds = this.#idOfCell;
    const cells = oldSlots.length * 2;
    this.#mask = cells - 1;
    this.#slotOfCell = new Int32Array(cells).fill(FREE);
    this.#idOfCell = new Int32Array(cells);
    for (let cell = 0; cell < oldSlots.length; cell += 1) {
      if (int32At(oldSlots, cell) === FREE) continue;
      const id = int32At(oldIds, cell);
      this.#slotOfCell[(id >>> 1) & this.#mask] = int32At(oldSlots, cell);
      this.#idOfCell[(id >>> 1) & this.#mask] = id;
    }
  }
}
