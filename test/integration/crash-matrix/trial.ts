// A trial of the crash matrix: which process gets which signal at which moment of a benchmark.

export const VICTIMS = ['worker', 'generator', 'target', 'server', 'command', 'machine'] as const;
export type Victim = (typeof VICTIMS)[number];

/** SIGSTOP lasts twice the heartbeat timeout, then comes SIGCONT. */
export const BLOWS = ['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const;
export type Blow = (typeof BLOWS)[number];

/** `stored`: between the result file of a run and the completion of its activity. */
export const MOMENTS = ['start', 'warm-up', 'mid-run', 'stored', 'summarize', 'report'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface Trial {
  readonly victim: Victim;
  readonly blow: Blow;
  readonly moment: Moment;
  /** Waited after the moment was seen. */
  readonly delayMs: number;
  /** Measured runs; the second is struck, where a run is. */
  readonly runs: number;
}

export const STRUCK_RUN = 2;
const FEW_RUNS = 2;
const MORE_RUNS = 4;

/** Generator and target live only while a run is measured. */
const ONLY_IN_RUNS: ReadonlySet<Victim> = new Set(['generator', 'target']);
const IN_RUNS: readonly Moment[] = ['warm-up', 'mid-run'];

export function isPossible({ victim, moment }: Pick<Trial, 'victim' | 'moment'>): boolean {
  return !ONLY_IN_RUNS.has(victim) || IN_RUNS.includes(moment);
}

export function trialName({ victim, blow, moment, delayMs, runs }: Trial): string {
  const of = moment === 'mid-run' ? ` ${STRUCK_RUN} of ${runs}` : '';
  return `${blow} of the ${victim} at ${moment}${of} +${delayMs} ms`;
}

/** Whatever measures a run dies in its midst: it cannot have come to its end. */
export function cutsRun({ victim, blow, moment }: Trial): boolean {
  return victim !== 'server' && blow === 'SIGKILL' && moment === 'mid-run';
}

const trial = (victim: Victim, blow: Blow, moment: Moment, delayMs = 0): Trial => ({
  victim,
  blow,
  moment,
  delayMs,
  runs: FEW_RUNS,
});

const inMoreRuns = (few: Trial): Trial => ({ ...few, runs: MORE_RUNS });

/** Every process, every signal and every moment at least once. */
export const FIXED_DOZEN: readonly Trial[] = [
  inMoreRuns(trial('worker', 'SIGKILL', 'mid-run', 300)),
  trial('worker', 'SIGSTOP', 'mid-run', 300),
  trial('worker', 'SIGTERM', 'warm-up', 100),
  trial('worker', 'SIGKILL', 'stored'),
  inMoreRuns(trial('generator', 'SIGKILL', 'mid-run', 300)),
  trial('generator', 'SIGTERM', 'warm-up', 100),
  inMoreRuns(trial('target', 'SIGKILL', 'mid-run', 300)),
  trial('server', 'SIGKILL', 'mid-run', 300),
  trial('server', 'SIGTERM', 'summarize'),
  trial('command', 'SIGKILL', 'mid-run', 300),
  trial('command', 'SIGTERM', 'start'),
  trial('machine', 'SIGKILL', 'report'),
];

/** The same for the same seed. */
export function randomTrials(count: number, seed: number): Trial[] {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // never empty
  const trials: Trial[] = [];
  while (trials.length < count) {
    const drawn = trial(pick(VICTIMS), pick(BLOWS), pick(MOMENTS), Math.floor(random() * 500));
    if (isPossible(drawn)) trials.push(drawn);
  }
  return trials;
}

/** A small generator of the public domain; its quality is beside the point here. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
