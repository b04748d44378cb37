// What one trial says of the rate it was at. A run that its checks refuse says nothing, unless what they refuse is what
// overload looks like: then the rate was too high, and no repetition will change that.

import { resolveConfig } from '../config/resolve.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import type { TrialJudgement } from '../contract/suite.ts';
import type { Threshold, ThresholdResult } from '../contract/threshold.ts';
import type { GateResult } from '../contract/warning.ts';
import { judgeThresholds } from '../statistics/thresholds.ts';

export interface JudgedRun {
  readonly trial: TrialJudgement;
  readonly thresholds: readonly ThresholdResult[];
}

export const NO_TRIAL: JudgedRun = {
  trial: { verdict: 'spoilt', text: 'it has no run' },
  thresholds: [],
};

/** Calls that fail without having been told to, and no steady state: the server's doing. */
const ERRORS = 'G13';
const STEADY = 'S1';
/** Send lateness, where calls had to wait for others to end (`in-flight-cap`), is the server's doing as well. */
const LATENESS = 'G1';
/** Calls that never ended meet no latency, and are in no percentile. */
const MAX_UNFINISHED = 0.01;

export function judgeTrial(slo: string, run: RunMeasurement): JudgedRun {
  const thresholds = judgeThresholds(thresholdsOf(slo), { usable: [run], complete: [run] });
  return { trial: judgement(run, thresholds), thresholds };
}

export function thresholdsOf(slo: string): readonly Threshold[] {
  const resolved = resolveConfig({ threshold: slo });
  return resolved.kind === 'ok' ? (resolved.config.thresholds ?? []) : [];
}

function judgement(run: RunMeasurement, thresholds: readonly ThresholdResult[]): TrialJudgement {
  const seen = thresholds.map(seenText).join(', ');
  if (run.interrupted) return { verdict: 'spoilt', text: 'it was stopped before its end' };
  const failed = run.gates.filter(({ status }) => status === 'fail');
  const faults = failed.filter((gate) => !isOfTheServer(gate, run));
  if (faults.length > 0) {
    const verdict = metThoughLate(run, failed, thresholds) ? 'late' : 'spoilt';
    return { verdict, text: `${complaints(faults)} (${seen})` };
  }
  const unfinished = unfinishedShare(run);
  if (unfinished > MAX_UNFINISHED) {
    const percent = (100 * unfinished).toFixed(1);
    return { verdict: 'missed', text: `${percent} % of the calls never ended; ${seen}` };
  }
  const errors = failed.filter(({ id }) => id === ERRORS);
  if (errors.length > 0) return { verdict: 'missed', text: `${complaints(errors)} (${seen})` };
  if (!thresholds.every(({ status }) => status === 'pass'))
    return { verdict: 'missed', text: seen };
  // It held, but would it have gone on to?
  if (failed.length > 0) return { verdict: 'spoilt', text: `${complaints(failed)} (${seen})` };
  return { verdict: 'met', text: seen };
}

/**
 * Nothing else is wrong, every call that was due was sent and ended, and the service level was met all the same: response
 * times count from when calls were due, so that lateness only lengthens them.
 */
function metThoughLate(
  run: RunMeasurement,
  failed: readonly GateResult[],
  thresholds: readonly ThresholdResult[],
): boolean {
  return (
    failed.every(({ id }) => id === LATENESS) &&
    unfinishedShare(run) === 0 &&
    thresholds.every(({ status }) => status === 'pass')
  );
}

function isOfTheServer({ id }: GateResult, { warnings }: RunMeasurement): boolean {
  if (id === ERRORS || id === STEADY) return true;
  return id === LATENESS && warnings.some(({ code }) => code === 'in-flight-cap');
}

/** Of those that were due: still in flight, or not even sent, when the grace was over. */
function unfinishedShare({ calls, openLoop }: RunMeasurement): number {
  const unsent = openLoop?.unsentCalls ?? 0;
  const due = calls.issued + unsent;
  return due === 0 ? 0 : (calls.incomplete + unsent) / due;
}

function complaints(gates: readonly GateResult[]): string {
  return gates.map(({ id, message }) => `${id} ${message}`).join(' ');
}

function seenText({ metric, observed, unit }: ThresholdResult): string {
  if (observed === null) return `no ${metric}`;
  const shown = (value: number): string => String(Number(value.toPrecision(4)));
  switch (unit) {
    case 'us':
      return `${metric} ${shown(observed / 1000)} ms`;
    case 'share':
      return `${metric} ${shown(100 * observed)} %`;
    case 'calls/s':
      return `${metric} ${shown(observed)}/s`;
  }
}
