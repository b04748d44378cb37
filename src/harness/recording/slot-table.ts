// What is known of each call in flight, by slot: beginning, hearing and ending a call allocates nothing.
// One cache line of instants a slot, laid out as in a batch, so that an ended call moves there in one copy.

import type { MessageFacts } from '../engines/engine.ts';
import {
  BYTES,
  DISPATCH,
  END,
  FIRST_MESSAGE,
  FIRST_TOKEN,
  INTENDED,
  LAST_MESSAGE,
  MAX_GAP,
  TIMES_LOG2,
  type CallBatch,
} from './call-batch.ts';
import { addSigns, isTokenContent, NO_SIGNS } from './classify.ts';

/** Gaps of a stream wait here until its outcome is known; beyond this many in all slots they no longer can. */
const MAX_WAITING_GAPS = 4_000_000;
const FIRST_GAPS = 32;

const COUNTS_LOG2 = 2;
const STATE = 0;
const MESSAGES = 1;
const TOKENS = 2;
const SIGNS = 3;

const FREE = 0;
const IN_FLIGHT = 1;
/** Beside IN_FLIGHT. */
const MEASURED = 2;

const NO_GAPS = new Float64Array(0);

export class SlotTable {
  readonly slots: number;
  /** Gaps that found no room and are missing from messageGap. */
  lostGaps = 0;
  /** By cell of call-batch.ts; a slot's first is `slot << TIMES_LOG2`. Instants are whole. */
  readonly times: Float64Array;
  /** Signed, because those load as plain integers; the counts of one call stay below 2^31. */
  readonly #counts: Int32Array;
  readonly #gaps: Float64Array[];
  readonly #keepGaps: boolean;
  #gapRoom = 0;

  constructor(slots: number, streaming: boolean) {
    this.slots = slots;
    this.#keepGaps = streaming;
    this.times = new Float64Array(slots << TIMES_LOG2);
    this.#counts = new Int32Array(slots << COUNTS_LOG2);
    this.#gaps = Array.from({ length: slots }, () => NO_GAPS);
  }

  isInFlight(slot: number): boolean {
    return (this.#counts[slot << COUNTS_LOG2] ?? FREE) !== FREE;
  }

  isMeasured(slot: number): boolean {
    return ((this.#counts[slot << COUNTS_LOG2] ?? FREE) & MEASURED) !== 0;
  }

  messages(slot: number): number {
    return this.#counts[(slot << COUNTS_LOG2) + MESSAGES] ?? 0;
  }

  signs(slot: number): number {
    return this.#counts[(slot << COUNTS_LOG2) + SIGNS] ?? NO_SIGNS;
  }

  open(slot: number, intendedNs: number, dispatchNs: number, measured: boolean): void {
    const { times } = this;
    const base = slot << TIMES_LOG2;
    const dispatch = Math.round(dispatchNs);
    times[base + INTENDED] = Math.round(intendedNs);
    times[base + DISPATCH] = dispatch;
    times[base + FIRST_MESSAGE] = NaN;
    times[base + FIRST_TOKEN] = NaN;
    times[base + LAST_MESSAGE] = dispatch;
    times[base + MAX_GAP] = 0;
    times[base + BYTES] = 0;
    const counts = this.#counts;
    const at = slot << COUNTS_LOG2;
    counts[at + STATE] = measured ? IN_FLIGHT | MEASURED : IN_FLIGHT;
    counts[at + MESSAGES] = 0;
    counts[at + TOKENS] = 0;
    counts[at + SIGNS] = NO_SIGNS;
  }

  message(slot: number, atNs: number, facts: MessageFacts): void {
    const { times } = this;
    const counts = this.#counts;
    const base = slot << TIMES_LOG2;
    const at = slot << COUNTS_LOG2;
    const previousNs = times[base + LAST_MESSAGE] ?? 0;
    const roundedNs = Math.round(atNs);
    const messageNs = roundedNs > previousNs ? roundedNs : previousNs;
    const index = counts[at + MESSAGES] ?? 0;
    times[base + LAST_MESSAGE] = messageNs;
    counts[at + MESSAGES] = index + 1;
    if (index === 0) times[base + FIRST_MESSAGE] = messageNs;
    else this.#gap(slot, index - 1, messageNs - previousNs);
    if (isTokenContent(facts) && Number.isNaN(times[base + FIRST_TOKEN])) {
      times[base + FIRST_TOKEN] = messageNs;
    }
    times[base + BYTES] = (times[base + BYTES] ?? 0) + facts.bytes;
    if (facts.tokenCount > (counts[at + TOKENS] ?? 0)) counts[at + TOKENS] = facts.tokenCount;
    counts[at + SIGNS] = addSigns(counts[at + SIGNS] ?? NO_SIGNS, facts);
  }

  /** Frees the slot; its call becomes the batch's next. False when `atNs` was before the dispatch, which then counts as the end. */
  end(slot: number, atNs: number, batch: CallBatch): boolean {
    const row = batch.calls;
    const from = slot << TIMES_LOG2;
    const into = row << TIMES_LOG2;
    const { times } = this;
    const target = batch.times;
    const dispatchNs = times[from + DISPATCH] ?? 0;
    const endNs = Math.round(atNs);
    const isInOrder = endNs >= dispatchNs;
    target[into + INTENDED] = times[from + INTENDED] ?? 0;
    target[into + DISPATCH] = dispatchNs;
    target[into + FIRST_MESSAGE] = times[from + FIRST_MESSAGE] ?? NaN;
    target[into + FIRST_TOKEN] = times[from + FIRST_TOKEN] ?? NaN;
    target[into + LAST_MESSAGE] = times[from + LAST_MESSAGE] ?? 0;
    target[into + MAX_GAP] = times[from + MAX_GAP] ?? 0;
    target[into + BYTES] = times[from + BYTES] ?? 0;
    target[into + END] = isInOrder ? endNs : dispatchNs;
    const counts = this.#counts;
    const at = slot << COUNTS_LOG2;
    batch.measured[row] = (counts[at] ?? FREE) >> 1;
    batch.messages[row] = counts[at + MESSAGES] ?? 0;
    batch.tokens[row] = counts[at + TOKENS] ?? 0;
    counts[at] = FREE;
    batch.calls = row + 1;
    return isInOrder;
  }

  /** The gaps of the slot's stream that were kept; valid until the slot is opened again. */
  gapsOf(slot: number): Float64Array {
    return this.#gaps[slot] ?? NO_GAPS;
  }

  get byteLength(): number {
    return this.times.byteLength + this.#counts.byteLength + this.#gapRoom * 8;
  }

  #gap(slot: number, index: number, gapNs: number): void {
    const { times } = this;
    const at = (slot << TIMES_LOG2) + MAX_GAP;
    if (gapNs > (times[at] ?? 0)) times[at] = gapNs;
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
