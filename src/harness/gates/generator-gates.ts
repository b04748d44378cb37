// Did the generator do what was asked, or did it measure itself?

import type { GateResult } from '../../contract/warning.ts';
import { headline, notMeasured, shown, type GateFacts, type GateHead } from './gate-facts.ts';

const US_PER_MS = 1000;

const LATENESS: GateHead = { id: 'G1', name: 'send lateness', unit: 'µs' };
const LATENESS_FLOOR_US = 1000;
const LATENESS_SHARE_OF_P50 = 0.05;
const RATE_TOLERANCE = 0.01;

/** Open loop: calls went out when they were due, at the rate that was asked for, and none was left out. */
export function sendLatenessGate(facts: GateFacts): GateResult {
  const { measured, drive } = facts;
  if (facts.harness.arrival.kind === 'closed') {
    return notMeasured(LATENESS, 'A closed loop has no schedule to be late for.');
  }
  const p99 = measured.sendLateness.p99Us;
  if (p99 === null) return notMeasured(LATENESS, 'No call was sent in the window.');
  const p50 = headline(facts).p50Us ?? 0;
  const limit = Math.max(LATENESS_FLOOR_US, LATENESS_SHARE_OF_P50 * p50);
  const problems = [
    ...(p99 > limit ? [`p99 of lateness ${p99} µs is above ${shown(limit)} µs`] : []),
    ...maximumProblem(facts),
    ...(drive.unsent > 0 ? [`${drive.unsent} calls that were due were never sent`] : []),
    ...rateProblem(facts),
  ];
  return {
    ...LATENESS,
    status: problems.length === 0 ? 'pass' : 'fail',
    value: p99,
    limit,
    message:
      problems.length === 0
        ? `Calls went out at most ${shown(p99)} µs late at p99.`
        : `The schedule was not kept: ${problems.join('; ')}.`,
  };
}

function maximumProblem(facts: GateFacts): string[] {
  const max = facts.measured.sendLateness.maxUs;
  const p99 = headline(facts).p99Us;
  if (max === null || p99 === null || max <= Math.max(p99, LATENESS_FLOOR_US)) return [];
  return [`the latest call went out ${max} µs late, more than the p99 response of ${p99} µs`];
}

/** Poisson and gamma counts vary by their law; four standard deviations are no miss. */
function rateProblem(facts: GateFacts): string[] {
  const { window, windowCalls } = facts.measured;
  const { arrival } = facts.harness;
  // Elsewhere the mean over the schedule says nothing about the window.
  if (!('ratePerS' in arrival)) return [];
  const expected = (arrival.ratePerS * (window.endMs - window.startMs)) / 1000;
  const gapCv2 =
    arrival.kind === 'poisson' ? 1 : arrival.kind === 'gamma' ? 1 / arrival.burstiness : 0;
  const allowed = RATE_TOLERANCE * expected + 4 * Math.sqrt(gapCv2 * expected) + 1;
  const countMode = facts.harness.totalRequests > 0;
  if (countMode || Math.abs(windowCalls.issued - expected) <= allowed) return [];
  return [`${windowCalls.issued} calls were sent where ${shown(expected)} were due`];
}

const SATURATION: GateHead = { id: 'G2', name: 'generator saturation', unit: 'µs' };
const LOOP_DELAY_LIMIT_US = 10 * US_PER_MS;
const LOOP_DELAY_SHARE_OF_P50 = 0.1;
/** Node's timers tick in milliseconds: below this, a delay says nothing. */
const LOOP_DELAY_RESOLUTION_US = 2 * US_PER_MS;
const UTILISATION_FAIL = 0.7;
const UTILISATION_WARN = 0.5;
const CPU_FAIL = 0.8;

/** The generator's event loop had time to spare, so what it stamped is the server's doing. */
export function saturationGate(facts: GateFacts): GateResult {
  const { samples } = facts.generator;
  if (samples.length === 0) {
    return notMeasured(SATURATION, 'No second of the generator was sampled.');
  }
  const load: GeneratorLoad = {
    // The median second: one second with a hiccup of the host is not a saturated generator.
    delayUs: median(samples.flatMap((sample) => sample.eventLoopDelayP99Us ?? [])),
    utilisation: mean(samples.map((sample) => sample.eventLoopUtilisation)),
    cpu: mean(samples.map((sample) => sample.cpuUtilisation)),
  };
  const { threads, arrival, pacing } = facts.harness;
  // A loop that polls for the next send is busy by intent; whether it was free in time shows in its delays alone.
  const spins = arrival.kind !== 'closed' && pacing === 'spin';
  const judged = spins ? { ...load, utilisation: 0, cpu: 0 } : load;
  const failures = saturationFailures(judged, threads);
  const reasons = failures.length > 0 ? failures : saturationDoubts(judged, headline(facts).p50Us);
  const status = failures.length > 0 ? 'fail' : reasons.length > 0 ? 'warn' : 'pass';
  return {
    ...SATURATION,
    status,
    value: load.delayUs,
    limit: LOOP_DELAY_LIMIT_US,
    message:
      status === 'pass'
        ? idleText(load, spins)
        : `The generator was ${status === 'fail' ? 'saturated' : 'busy'}: ${reasons.join(', ')}; latencies hold its own waits.`,
  };
}

function idleText({ cpu, utilisation }: GeneratorLoad, spins: boolean): string {
  return spins
    ? `Spin pacing took ${shown(cpu)} cores to be on time; the loop was free whenever it was needed.`
    : `The generator was idle ${shown(100 * (1 - utilisation))} % of the time.`;
}

interface GeneratorLoad {
  readonly delayUs: number | null;
  readonly utilisation: number;
  /** Cores. */
  readonly cpu: number;
}

function saturationFailures(
  { delayUs, utilisation, cpu }: GeneratorLoad,
  threads: number,
): string[] {
  return [
    ...(delayUs !== null && delayUs > LOOP_DELAY_LIMIT_US
      ? [`loop delay p99 ${shown(delayUs)} µs`]
      : []),
    ...(utilisation > UTILISATION_FAIL ? [`loop utilisation ${shown(utilisation)}`] : []),
    ...(cpu > CPU_FAIL * threads ? [`CPU ${shown(cpu)} cores of ${threads}`] : []),
  ];
}

function saturationDoubts({ delayUs, utilisation }: GeneratorLoad, p50Us: number | null): string[] {
  const limit = Math.max(LOOP_DELAY_RESOLUTION_US, LOOP_DELAY_SHARE_OF_P50 * (p50Us ?? Infinity));
  return [
    ...(delayUs !== null && delayUs > limit
      ? [`loop delay p99 ${shown(delayUs)} µs is above ${shown(limit)} µs`]
      : []),
    ...(utilisation > UTILISATION_WARN ? [`loop utilisation ${shown(utilisation)}`] : []),
  ];
}

const CLOCK: GateHead = { id: 'G11', name: 'clock drift', unit: 'ms' };
const CLOCK_DRIFT_LIMIT_MS = 50;

export function clockGate(facts: GateFacts): GateResult {
  const drift = Math.abs(facts.generator.clockDriftMs);
  const ok = drift < CLOCK_DRIFT_LIMIT_MS;
  return {
    ...CLOCK,
    status: ok ? 'pass' : 'fail',
    value: drift,
    limit: CLOCK_DRIFT_LIMIT_MS,
    message: ok
      ? 'Wall clock and monotonic clock agree.'
      : `Wall clock and monotonic clock moved apart by ${shown(drift)} ms: the host slept or its clock was set.`,
  };
}

const MEMORY: GateHead = { id: 'G15', name: 'generator memory', unit: 'share of heap limit' };
const HEAP_SHARE_LIMIT = 0.9;
const BYTES_PER_MB = 1024 * 1024;

export function memoryGate(facts: GateFacts): GateResult {
  const { samples, heapLimitBytes, swapBytes } = facts.generator;
  if (samples.length === 0) return notMeasured(MEMORY, 'No second of the generator was sampled.');
  const peak = Math.max(...samples.map((sample) => sample.heap_alloc_mb)) * BYTES_PER_MB;
  const share = peak / heapLimitBytes;
  const swapped = swapBytes !== null && swapBytes > 0;
  const full = share >= HEAP_SHARE_LIMIT;
  const message = swapped
    ? `${swapBytes} bytes of the generator were swapped out.`
    : full
      ? `The generator's heap reached ${shown(100 * share)} % of its limit.`
      : `The generator's heap stayed below ${shown(100 * share)} % of its limit, nothing swapped.`;
  return {
    ...MEMORY,
    status: swapped || full ? 'fail' : 'pass',
    value: share,
    limit: HEAP_SHARE_LIMIT,
    message,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
