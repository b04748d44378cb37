// What is known of each call in flight, by slot, in typed arrays: beginning, hearing and ending a call allocates nothing.

import type { MessageFacts } from '../engines/engine.ts';
import { addSigns, isTokenContent, NO_SIGNS } from './classify.ts';

/** Gaps of a stream wait here until its outcome is known; beyond this many in all slots they no longer can. */
const MAX_WAITING_GAPS = 4_000_000;
const FIRST_GAPS = 32;

const FREE = 0;
const IN_FLIGHT = 1;
const MEASURED = 2;

const NO_GAPS = new Float64Array(0);

export class SlotTable {
  readonly slots: number;
  readonly intendedNs: Float64Array;
  readonly dispatchNs: Float64Array;
  /** NaN before the first message. */
  readonly firstMessageNs: Float64Array;
  /** NaN before the first message with LLM output. */
  readonly firstTokenNs: Float64Array;
  readonly lastMessageNs: Float64Array;
  readonly maxGapNs: Float64Array;
  readonly bytes: Float64Array;
  readonly messages: Uint32Array;
  readonly tokens: Uint32Array;
  readonly signs: Uint8Array;
  /** Gaps that found no room and are missing from messageGap. */
  lostGaps = 0;
  readonly #state: Uint8Array;
  readonly #gaps: Float64Array[];
  readonly #keepGaps: boolean;
  #gapRoom = 0;

  constructor(slots: number, streaming: boolean) {
    this.slots = slots;
    this.#keepGaps = streaming;
    this.intendedNs = new Float64Array(slots);
    this.dispatchNs = new Float64Array(slots);
    this.firstMessageNs = new Float64Array(slots);
    this.firstTokenNs = new Float64Array(slots);
    this.lastMessageNs = new Float64Array(slots);
    this.maxGapNs = new Float64Array(slots);
    this.bytes = new Float64Array(slots);
    this.messages = new Uint32Array(slots);
    this.tokens = new Uint32Array(slots);
    this.signs = new Uint8Array(slots);
    this.#state = new Uint8Array(slots);
    this.#gaps = Array.from({ length: slots }, () => NO_GAPS);
  }

  isInFlight(slot: number): boolean {
    return (this.#state[slot] ?? FREE) !== FREE;
  }

  isMeasured(slot: number): boolean {
    return ((this.#state[slot] ?? FREE) & MEASURED) !== 0;
  }

  open(slot: number, intendedNs: number, dispatchNs: number, measured: boolean): void {
    this.#state[slot] = measured ? IN_FLIGHT | MEASURED : IN_FLIGHT;
    this.intendedNs[slot] = intendedNs;
    this.dispatchNs[slot] = dispatchNs;
    this.firstMessageNs[slot] = NaN;
    this.firstTokenNs[slot] = NaN;
    this.lastMessageNs[slot] = dispatchNs;
    this.maxGapNs[slot] = 0;
    this.bytes[slot] = 0;
    this.messages[slot] = 0;
    this.tokens[slot] = 0;
    this.signs[slot] = NO_SIGNS;
  }

  message(slot: number, atNs: number, facts: MessageFacts): void {
    const previousNs = this.lastMessageNs[slot] ?? 0;
    const messageNs = atNs > previousNs ? atNs : previousNs;
    const index = this.messages[slot] ?? 0;
    if (index === 0) this.firstMessageNs[slot] = messageNs;
    else this.#gap(slot, index - 1, messageNs - previousNs);
    if (isTokenContent(facts) && Number.isNaN(this.firstTokenNs[slot])) {
      this.firstTokenNs[slot] = messageNs;
    }
    this.messages[slot] = index + 1;
    this.lastMessageNs[slot] = messageNs;
    this.bytes[slot] = (this.bytes[slot] ?? 0) + facts.bytes;
    if (facts.tokenCount > (this.tokens[slot] ?? 0)) this.tokens[slot] = facts.tokenCount;
    this.signs[slot] = addSigns(this.signs[slot] ?? NO_SIGNS, facts);
  }

  close(slot: number): void {
    this.#state[slot] = FREE;
  }

  /** The gaps of the slot's stream that were kept; valid until the slot is opened again. */
  gapsOf(slot: number): Float64Array {
    return this.#gaps[slot] ?? NO_GAPS;
  }

  get byteLength(): number {
    return this.slots * (7 * 8 + 2 * 4 + 2) + this.#gapRoom * 8;
  }

  #gap(slot: number, index: number, gapNs: number): void {
    if (gapNs > (this.maxGapNs[slot] ?? 0)) this.maxGapNs[slot] = gapNs;
    if (!this.#keepGaps || !this.isMeasured(slot)) return;
    const kept = this.#gaps[slot] ?? NO_GAPS;
    if (index < kept.length) kept[index] = gapNs;
    else this.#growGaps(slot, index, gapNs);
  }

  #growGaps(slot: number, index: number, gapNs: number): void {
    const kept = this.#gaps[slot] ?? NO_GAPS;
    const length = Math.max(FIRST_GAPS, kept.length * 2);
    if (index >= length || this.#gapRoom + length - kept.length > MAX_WAITING_GAPS) {
      this.lostGaps += 1;
      return;
    }
    const larger = new Float64Array(length);
    larger.set(kept);
    larger[index] = gapNs;
    this.#gaps[slot] = larger;
    this.#gapRoom += length - kept.length;
  }
}
