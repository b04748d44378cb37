// G3: were the calls sent by the law that was asked for? Judged on real sends, with room for how late they were: a gap
// whose two ends are each up to ℓ late moves a distribution function of mean gap μ by ℓ/μ at most.

import type { GateResult } from '../../contract/warning.ts';
import { ksExponential } from '../../statistics/ks-exponential.ts';
import type { SendSample } from '../arrivals/send-log.ts';
import { notMeasured, shown, type GateFacts, type GateHead } from './gate-facts.ts';

const KS: GateHead = { id: 'G3', name: 'arrival law', unit: 'KS distance' };
const CV: GateHead = { ...KS, unit: 'coefficient of variation' };

const MIN_GAPS = 100;
/** Kolmogorov's distance at p = .001 is this over √n. */
const KS_AT_P001 = 1.9495;
/** Beyond this much room the check could not fail. */
const MAX_ROOM = 0.3;
const MIN_SECONDS = 10;
const SIGMAS = 3.3;

export function arrivalLawGate(facts: GateFacts): GateResult {
  const { arrival } = facts.harness;
  if (arrival.kind === 'closed') return notMeasured(KS, 'A closed loop has no arrival law.');
  if (!('ratePerS' in arrival) || arrival.kind === 'constant') {
    return notMeasured(
      KS,
      'A schedule without chance has no law to test: G1 compares each send with it.',
    );
  }
  const { sends } = facts.drive;
  if (sends === null || sends.gapsNs.length < MIN_GAPS) {
    return notMeasured(KS, `Fewer than ${MIN_GAPS} gaps between sends in the window.`);
  }
  const meanGapNs = (1e9 * facts.harness.threads) / arrival.ratePerS;
  const room = (1000 * (facts.measured.sendLateness.p99Us ?? 0)) / meanGapNs;
  if (room > MAX_ROOM) {
    return notMeasured(
      KS,
      `Sends were late by up to ${shown(100 * room)} % of the mean gap, which hides its law; G1 judges the lateness.`,
    );
  }
  return arrival.kind === 'poisson'
    ? poissonLaw(sends, meanGapNs, room)
    : gammaLaw(sends, 1 / Math.sqrt(arrival.burstiness), room);
}

function poissonLaw(sends: SendSample, meanGapNs: number, room: number): GateResult {
  const n = sends.gapsNs.length;
  const { D, cv } = ksExponential(sends.gapsNs, meanGapNs);
  const limit = KS_AT_P001 / Math.sqrt(n) + room;
  const problems = [
    ...(D > limit ? [`the gaps are ${shown(D)} away from exponential`] : []),
    ...cvProblem(cv, { wanted: 1, n, room }),
    ...dispersionProblem(sends.perSecond),
  ];
  return result(KS, { value: D, limit, problems, law: 'exponential gaps', n });
}

function gammaLaw(sends: SendSample, wanted: number, room: number): GateResult {
  const n = sends.gapsNs.length;
  const { cv } = ksExponential(sends.gapsNs, 1);
  const limit = cvLimit({ wanted, n, room });
  const problems = cvProblem(cv, { wanted, n, room });
  const value = cv === null ? null : Math.abs(cv - wanted);
  return result(CV, { value, limit, problems, law: 'gamma gaps', n });
}

interface CvCheck {
  readonly wanted: number;
  readonly n: number;
  readonly room: number;
}

/** The coefficient of variation of n gamma gaps has variance c²(1 + c²)/2n; for Poisson that is 1/n. */
function cvLimit({ wanted, n, room }: CvCheck): number {
  const deviation = Math.sqrt((wanted * wanted * (1 + wanted * wanted)) / (2 * n));
  return SIGMAS * deviation + Math.SQRT2 * room;
}

function cvProblem(cv: number | null, check: CvCheck): string[] {
  if (cv === null || Math.abs(cv - check.wanted) <= cvLimit(check)) return [];
  return [
    `their coefficient of variation is ${shown(cv)} where ${shown(check.wanted)} was asked for`,
  ];
}

/** Counts of a Poisson process vary by their mean. */
function dispersionProblem(perSecond: readonly number[]): string[] {
  const n = perSecond.length;
  if (n < MIN_SECONDS) return [];
  const mean = perSecond.reduce((sum, count) => sum + count, 0) / n;
  const variance = perSecond.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (n - 1);
  const dispersion = variance / mean;
  if (Math.abs(dispersion - 1) <= SIGMAS * Math.sqrt(2 / (n - 1))) return [];
  return [`the variance of sends per second is ${shown(dispersion)} times their mean`];
}

interface Finding {
  readonly value: number | null;
  readonly limit: number;
  readonly problems: readonly string[];
  readonly law: string;
  readonly n: number;
}

function result(head: GateHead, { value, limit, problems, law, n }: Finding): GateResult {
  return {
    ...head,
    status: problems.length === 0 ? 'pass' : 'fail',
    value,
    limit,
    message:
      problems.length === 0
        ? `${n} gaps between sends follow ${law}.`
        : `The sends do not follow ${law}: ${problems.join('; ')}.`,
  };
}
