// When an open loop really sent, for the check of its arrival law: the gaps between sends and their number each second. A
// bounded sample: some ten thousand gaps tell laws apart as well as millions.

const MAX_GAPS = 20_000;
const MAX_SECONDS = 3600;
const SECOND_NS = 1e9;

export interface SendSample {
  /** Between consecutive sends, in their order; the first ones of the window. */
  readonly gapsNs: readonly number[];
  /** Sends of each whole second of the window. */
  readonly perSecond: readonly number[];
}

export class SendLog {
  readonly #fromNs: number;
  readonly #gapsNs: number[] = [];
  readonly #perSecond: number[] = [];
  #lastNs: number | null = null;

  /** Sends before `fromNs` are warm-up. */
  constructor(fromNs: number) {
    this.#fromNs = fromNs;
  }

  sent(atNs: number): void {
    if (atNs < this.#fromNs) return;
    if (this.#lastNs !== null && this.#gapsNs.length < MAX_GAPS) {
      this.#gapsNs.push(atNs - this.#lastNs);
    }
    this.#lastNs = atNs;
    const second = Math.floor((atNs - this.#fromNs) / SECOND_NS);
    if (second >= MAX_SECONDS) return;
    while (this.#perSecond.length <= second) this.#perSecond.push(0);
    this.#perSecond[second] = (this.#perSecond[second] ?? 0) + 1;
  }

  /** The second in which the last send lies may not be whole, and is left out. */
  sample(): SendSample {
    return { gapsNs: this.#gapsNs, perSecond: this.#perSecond.slice(0, -1) };
  }
}
