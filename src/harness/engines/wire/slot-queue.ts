// A queue of slots, each in it at most once: a linked list in one typed array, so that waiting costs no allocation.

import { int32At } from './typed-access.ts';

const NOT_QUEUED = -2;
const END = -1;

export class SlotQueue {
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #head = END;
  #tail = END;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  grow(capacity: number): void {
    const next = new Int32Array(capacity).fill(NOT_QUEUED);
    next.set(this.#next);
    this.#next = next;
    const previous = new Int32Array(capacity).fill(NOT_QUEUED);
    previous.set(this.#previous);
    this.#previous = previous;
  }

  push(slot: number): void {
    this.#next[slot] = END;
    this.#previous[slot] = this.#tail;
    if (this.#tail === END) this.#head = slot;
    else this.#next[this.#tail] = slot;
    this.#tail = slot;
    this.#length += 1;
  }

  /** The oldest slot, or -1. */
  shift(): number {
    const slot = this.#head;
    if (slot !== END) this.remove(slot);
    return slot;
  }

  remove(slot: number): void {
    const next = int32At(this.#next, slot);
    if (next === NOT_QUEUED) return;
    const previous = int32At(this.#previous, slot);
    if (previous === END) this.#head = next;
    else this.#next[previous] = next;
    if (next === END) this.#tail = previous;
    else this.#previous[next] = previous;
    this.#next[slot] = NOT_QUEUED;
    this.#length -= 1;
  }
}
