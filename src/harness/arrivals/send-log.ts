// When an open loop really sent, for the check of its arrival law: the gaps between sends and their number each second. A
// bounded sample: some ten thousand gaps tell laws apart as well as millions.

const MAX_GAPS = 20_000;
const MAX_SECONDS = 3600;
const SECOND_NS = 1e9;

export interface SendSample {
  /** The first send of the window; null without one. */
  readonly firstNs: number | null;
  /** Between consecutive sends, in their order; the first ones of the window. */
  readonly gapsNs: readonly number[];
  /** Sends of each whole second of the window. */
  readonly perSecond: readonly number[];
}

export class SendLog {
  readonly #fromNs: number;
  readonly #gapsNs: number[] = [];
  readonly #perSecond: number[] = [];
  #firstNs: number | null = null;
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
    this.#firstNs ??= atNs;
    this.#lastNs = atNs;
    const second = Math.floor((atNs - this.#fromNs) / SECOND_NS);
    if (second >= MAX_SECONDS) return;
    while (this.#perSecond.length <= second) this.#perSecond.push(0);
    this.#perSecond[second] = (this.#perSecond[second] ?? 0) + 1;
  }

  /** The second in which the last send lies may not be whole, and is left out. */
  sample(): SendSample {
    const perSecond = this.#perSecond.slice(0, -1);
    return { firstNs: this.#firstNs, gapsNs: this.#gapsNs, perSecond };
  }
}

/** Samples of several threads as one of all their sends: up to the instant to which each of them is known. */
export function mergeSends(samples: readonly SendSample[]): SendSample {
  const [only, ...others] = samples;
  if (only !== undefined && others.length === 0) return only;
  const perThread = samples.map(instants).filter((sends) => sends.length > 0);
  const untilNs = Math.min(...perThread.map((sends) => sends.at(-1) ?? 0));
  const sends = Float64Array.from(perThread.flat().filter((atNs) => atNs <= untilNs)).sort();
  const gaps = sends.slice(1).map((atNs, at) => atNs - (sends[at] ?? 0));
  const seconds = Math.min(...samples.map(({ perSecond }) => perSecond.length));
  return {
    firstNs: sends[0] ?? null,
    gapsNs: Array.from(gaps.subarray(0, MAX_GAPS)),
    perSecond: Array.from({ length: seconds }, (_, second) =>
      samples.reduce((sum, { perSecond }) => sum + (perSecond[second] ?? 0), 0),
    ),
  };
}

function instants({ firstNs, gapsNs }: SendSample): number[] {
  if (firstNs === null) return [];
  let atNs = firstNs;
  return [firstNs, ...gapsNs.map((gapNs) => (atNs += gapNs))];
}
