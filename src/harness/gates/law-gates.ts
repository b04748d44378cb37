// Conservation laws and physics: what must hold for any server and any load, whatever the numbers are.

import { GRPC_STATUS_NAMES } from '../../contract/outcome.ts';
import type { GateResult } from '../../contract/warning.ts';
import { notMeasured, shown, type GateFacts, type GateHead } from './gate-facts.ts';

const THINK_TIME: GateHead = { id: 'G4', name: 'closed loop kept busy', unit: 'share' };
const BUSY_SHARE_LIMIT = 0.98;

/** A closed loop whose workers wait between calls offers less than it says. */
export function thinkTimeGate(facts: GateFacts): GateResult {
  const { harness, measured, drive } = facts;
  if (harness.arrival.kind !== 'closed') return notMeasured(THINK_TIME, 'Open loop.');
  const law = measured.littlesLaw;
  if (law === null) return notMeasured(THINK_TIME, 'Nothing completed in the window.');
  if (harness.rampUpMs > measured.window.startMs) {
    return notMeasured(THINK_TIME, 'Workers were still ramping up within the window.');
  }
  const counted = harness.totalRequests > 0;
  const workers = counted
    ? Math.min(harness.concurrency, harness.totalRequests)
    : harness.concurrency;
  const share = law.meanInFlight / workers;
  const ok = share >= BUSY_SHARE_LIMIT;
  const why =
    drive.heldBack > 0
      ? `${drive.heldBack} calls were held back after calls that never reached the server`
      : counted
        ? 'workers run out of calls at the end of a counted run'
        : 'the generator took time between calls';
  return {
    ...THINK_TIME,
    // The start and the end of a counted run belong to its window and are no leak.
    status: ok ? 'pass' : counted ? 'warn' : 'fail',
    value: share,
    limit: BUSY_SHARE_LIMIT,
    message: ok
      ? `${shown(100 * share)} % of the workers' time was spent in calls.`
      : `Only ${shown(100 * share)} % of the workers' time was spent in calls: ${why}.`,
  };
}

const LITTLE: GateHead = { id: 'G5', name: "Little's law", unit: 'relative error' };
const LITTLE_LIMIT = 0.01;

/** Mean in flight = throughput × mean time in flight (edges accounted): fails when calls were lost or counted twice. */
export function littlesLawGate(facts: GateFacts): GateResult {
  const law = facts.measured.littlesLaw;
  if (law === null) return notMeasured(LITTLE, 'Nothing completed in the window.');
  const ok = law.relativeError <= LITTLE_LIMIT;
  return {
    ...LITTLE,
    status: ok ? 'pass' : 'fail',
    value: law.relativeError,
    limit: LITTLE_LIMIT,
    message: ok
      ? "Calls in flight, throughput and latency agree by Little's law."
      : `Calls in flight and throughput × latency differ by ${shown(100 * law.relativeError)} %: calls were lost or counted twice.`,
  };
}

const PHYSICS: GateHead = { id: 'G6', name: 'physics bounds', unit: 'µs' };
const CLOCK_TOLERANCE_US = 1000;
const THROUGHPUT_TOLERANCE = 1.01;
const DEFAULT_LLM_LIMIT = 5;

/** Nothing is faster than the LLM time that the target was told to take; proves that the setting is in force. */
export function physicsGate(facts: GateFacts): GateResult {
  const { harness, measured } = facts;
  if (!facts.embedded && harness.serverSettings !== 'checked')
    return notMeasured(PHYSICS, 'The settings of a remote target are not ours to know.');
  if (harness.llm.latencyDistribution !== 'uniform') {
    return notMeasured(PHYSICS, 'An exponential service time has no lower bound.');
  }
  const baseMs = harness.llm.baseLatencyMs;
  const minUs = measured.serviceTime.minUs;
  if (baseMs === 0) return notMeasured(PHYSICS, 'A base latency of 0 bounds nothing.');
  if (minUs === null) return notMeasured(PHYSICS, 'No call succeeded.');
  const limitUs = baseMs * 1000 - CLOCK_TOLERANCE_US;
  const problems = [
    ...(minUs < limitUs ? [`a call took ${minUs} µs where the LLM alone takes ${baseMs} ms`] : []),
    ...throughputProblem(facts, baseMs),
  ];
  return {
    ...PHYSICS,
    status: problems.length === 0 ? 'pass' : 'fail',
    value: minUs,
    limit: limitUs,
    message:
      problems.length === 0
        ? `No call was faster than the LLM time of ${baseMs} ms.`
        : `Impossible for the settings asked for: ${problems.join('; ')}.`,
  };
}

function throughputProblem(facts: GateFacts, baseMs: number): string[] {
  const { harness, measured } = facts;
  const { startMs, endMs } = measured.window;
  const rps = measured.okThroughputRps;
  if (rps === null || endMs <= startMs) return [];
  const limiter =
    harness.llmConcurrencyLimit === 0 ? DEFAULT_LLM_LIMIT : harness.llmConcurrencyLimit;
  const workers =
    harness.arrival.kind === 'closed' ? Math.min(harness.concurrency, limiter) : limiter;
  // Calls that were almost done when the window began add at most one per place.
  const most = ((endMs - startMs) / baseMs + 1) * workers * THROUGHPUT_TOLERANCE;
  const done = (rps * (endMs - startMs)) / 1000;
  if (done <= most) return [];
  return [`${shown(done)} calls succeeded where ${workers} at a time allow ${shown(most)}`];
}

const RECONCILIATION: GateHead = {
  id: 'G7',
  name: 'reconciliation with the target',
  unit: 'calls',
};

type StatusName = (typeof GRPC_STATUS_NAMES)[number];

/** One and the same end, seen from two sides: whether a deadline or the reset that follows it comes first is chance. */
const GIVEN_UP: readonly StatusName[] = ['CANCELLED', 'DEADLINE_EXCEEDED'];
const STATUS_GROUPS: readonly (readonly StatusName[])[] = [
  GIVEN_UP,
  ...GRPC_STATUS_NAMES.filter((name) => !GIVEN_UP.includes(name)).map((name) => [name]),
];

function total(
  names: readonly StatusName[],
  countOf: (name: StatusName) => number | undefined,
): number {
  return names.reduce((sum, name) => sum + (countOf(name) ?? 0), 0);
}

/** What the calls saw is what the target's books say: exactly, but for calls that ended on this side. */
export function reconciliationGate(facts: GateFacts): GateResult {
  const { target, drive, measured } = facts;
  if (target === null) return notMeasured(RECONCILIATION, 'A remote target shows no books.');
  const clientEnds = drive.endsByClient.reduce((sum, count) => sum + count, 0);
  const slack = clientEnds + measured.calls.incomplete;
  const missing = drive.issued - target.rpcsReceived;
  const problems: string[] = [];
  if (missing < 0 || missing > slack) {
    problems.push(`${drive.issued} calls were sent, the target received ${target.rpcsReceived}`);
  }
  const turns = target.firstSessionTurns ?? 0;
  if (turns > 0) {
    problems.push(`the first call met a conversation of ${turns} turns, and not an empty one`);
  }
  for (const names of STATUS_GROUPS) {
    const seen = total(names, (name) => drive.endsByServer[GRPC_STATUS_NAMES.indexOf(name)]);
    const booked = total(names, (name) => target.rpcsByStatus[name]);
    if (booked < seen || booked > seen + slack) {
      problems.push(`${seen} calls ended ${names.join(' or ')}, the target booked ${booked}`);
    }
  }
  return {
    ...RECONCILIATION,
    status: problems.length === 0 ? 'pass' : 'fail',
    value: missing,
    limit: slack,
    message:
      problems.length === 0
        ? `The target's books agree with all ${drive.issued} calls${slack > 0 ? `, ${slack} of which ended on this side` : ''}.`
        : `The target's books disagree: ${problems.join('; ')}.`,
  };
}
