// A capacity search as decisions: what the trials so far say, which rate is next, for how long, and when it is over.

import { formatDurationMs } from '../config/duration.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { resolveConfig, type ResolvedConfig } from '../config/resolve.ts';
import {
  CAPACITY_SCENARIO,
  type CapacityDecision,
  type CapacityPlan,
  type CapacityPurpose,
  type CapacityRequest,
  type CapacityTrial,
} from '../contract/capacity.ts';
import { metricParts } from '../contract/metric.ts';
import { sequenceBoundMs } from '../contract/run-bound.ts';
import type { Scenario, Settings } from '../contract/scenario.ts';
import type { CapacityBound } from '../contract/suite.ts';
import type { Threshold } from '../contract/threshold.ts';
import { nextCapacityStep } from './capacity-search.ts';
import { thresholdsOf } from './capacity-trial.ts';
import { estimateLevelMs } from './estimate.ts';

export type PlannedCapacity =
  | { readonly kind: 'ok'; readonly plan: CapacityPlan }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** Share of each trial that is trimmed: the queue must have found its length. */
const TRIMMED = 0.1;
const MIN_TRIAL_MS = 20_000;
const MAX_TRIAL_MS = 600_000;
/** Calls beyond the percentile that make it worth reading. */
const CALLS_BEYOND = 10;
const MIN_CALLS = 2000;
/** A confirmation is what gets published. */
const CONFIRMATION_LENGTH = 2;
const TRIALS_EXPECTED = 9;
/** What spoilt a trial is mostly somebody else's work on the machine, and that is rarely over at once. */
const MAX_PAUSE_MS = 60_000;

const POINT_SHARES: Readonly<Record<string, number>> = {
  p90: 0.1,
  p95: 0.05,
  p99: 0.01,
  p999: 0.001,
  p9999: 0.0001,
};

/** A trial's problem, where the request for the search has it: the trial's thresholds are the search's service level. */
function ofRequest(problem: ConfigProblem): ConfigProblem {
  const { path } = problem;
  return { ...problem, path: path === 'threshold' ? 'slo' : `settings.${path}` };
}

export function planCapacity(request: CapacityRequest): PlannedCapacity {
  const rate = Math.min(request.startRatePerS, request.maxRatePerS);
  const settings = trialSettings(request, { ratePerS: rate, purpose: 'bracket', number: 1 });
  const resolved = resolveConfig(settings);
  if (resolved.kind === 'invalid') {
    return { kind: 'invalid', problems: resolved.problems.map(ofRequest) };
  }
  const thresholds = resolved.config.thresholds ?? [];
  if (thresholds.length === 0) {
    const problem = {
      path: 'slo',
      message: 'names no service level',
      hint: "like 'latency_p99<500ms,error_rate<1%'",
    };
    return { kind: 'invalid', problems: [problem] };
  }
  return {
    kind: 'ok',
    plan: {
      request,
      suite: {
        request: {
          scenarios: [CAPACITY_SCENARIO],
          ownScenarios: [],
          scale: 1,
          runs: 1,
          warmupRuns: 0,
          order: 'ascending',
          levelCooldownMs: 0,
          seed: request.seed,
          settings: request.settings,
          controlPlane: request.controlPlane,
          trustServer: request.trustServer,
        },
        scenarios: [capacityScenario(request)],
        levels: [],
        estimateMs: TRIALS_EXPECTED * estimateLevelMs(resolved.config),
      },
    },
  };
}

/** By when a search is over or stands still, ms after its start: as many trials as there may be, each of the longest kind. */
export function capacityBoundMs(request: CapacityRequest): number {
  const trialDurationMs = request.trialDurationMs ?? MAX_TRIAL_MS;
  const longest = { ratePerS: request.startRatePerS, purpose: 'confirm', number: 1 } as const;
  const resolved = resolveConfig(trialSettings({ ...request, trialDurationMs }, longest));
  const configs = resolved.kind === 'ok' ? [resolved.config] : [];
  return sequenceBoundMs(
    configs.flatMap((config) => Array.from({ length: request.maxTrials }, () => config)),
    MAX_PAUSE_MS,
  );
}

export function decideCapacity(
  request: CapacityRequest,
  trials: readonly CapacityTrial[],
): CapacityDecision {
  const step = nextCapacityStep(request, trials);
  switch (step.kind) {
    case 'found': {
      const { ratePerS, bound } = step;
      const text = foundText(request, ratePerS, bound);
      return { kind: 'over', result: { ratePerS, confirmed: true, bound, text } };
    }
    case 'given-up': {
      const { ratePerS, bound, reason } = step;
      const why = trials.findLast(
        ({ verdict }) => verdict === 'spoilt' || verdict === 'late',
      )?.text;
      const last = bound?.kind === 'unmeasured' && why !== undefined ? ` (${why})` : '';
      const text = `No rate was confirmed to meet ${request.slo}: ${reason}${last}.`;
      return { kind: 'over', result: { ratePerS, confirmed: false, bound, text } };
    }
    case 'try': {
      const { kind, ratePerS, purpose, repeats } = step;
      const level = trialLevel(request, step, trials.length + 1);
      return { kind, ratePerS, purpose, level, pauseMs: pauseBeforeMs(request, repeats) };
    }
  }
}

function pauseBeforeMs({ repeatPauseMs }: CapacityRequest, repeats: number): number {
  return repeats === 0 ? 0 : Math.min(MAX_PAUSE_MS, repeatPauseMs * 2 ** (repeats - 1));
}

function foundText({ slo }: CapacityRequest, ratePerS: number, bound: CapacityBound): string {
  const found = `${shown(ratePerS)} calls/s`;
  switch (bound.kind) {
    case 'missed':
      return `${found} is the highest rate that meets ${slo}, confirmed by a fresh run; ${shown(bound.ratePerS)} calls/s misses it.`;
    case 'unmeasured':
      return `${slo} is still met at ${found}, confirmed by a fresh run; at ${shown(bound.ratePerS)} calls/s no trial told anything, so the capacity may be higher.`;
    case 'limit':
      return `${slo} is still met at ${found}, the most that was to be tried.`;
  }
}

interface Trial {
  readonly ratePerS: number;
  readonly purpose: CapacityPurpose;
  /** 1-based. */
  readonly number: number;
}

function trialLevel(
  request: CapacityRequest,
  step: Pick<Trial, 'ratePerS' | 'purpose'>,
  number: number,
): Extract<CapacityDecision, { kind: 'try' }>['level'] {
  const settings = trialSettings(request, { ...step, number });
  const resolved: ResolvedConfig = resolveConfig(settings);
  return {
    scenario: CAPACITY_SCENARIO,
    level: `trial-${number}-${step.purpose}`,
    factor: 'calls/s offered',
    value: trialValue(step.ratePerS),
    series: null,
    settings,
    estimateMs: resolved.kind === 'ok' ? estimateLevelMs(resolved.config) : 0,
  };
}

/** A rate as the axis of the chart has it. */
export function trialValue(ratePerS: number): number {
  return Number(ratePerS.toPrecision(6));
}

function trialSettings(request: CapacityRequest, trial: Trial): Settings {
  const durationMs = request.trialDurationMs ?? trialDurationMs(request, trial.ratePerS);
  const length = Math.round(durationMs * (trial.purpose === 'confirm' ? CONFIRMATION_LENGTH : 1));
  return {
    arrival: 'poisson',
    ...request.settings,
    rate: trial.ratePerS,
    duration: formatDurationMs(length),
    perRunWarmup: formatDurationMs(Math.round(length * TRIMMED)),
    threshold: request.slo,
    runs: 1,
    warmupRuns: 0,
    // Another trial is another draw: the same seed would only show the same luck again.
    seed: (request.seed + trial.number) % 2 ** 32,
    scenarioName: `${CAPACITY_SCENARIO}/trial-${trial.number}`,
  };
}

/** Enough calls for each percentile and share of the service level, within bounds. */
function trialDurationMs(request: CapacityRequest, ratePerS: number): number {
  const calls = Math.max(MIN_CALLS, ...thresholdsOf(request.slo).map(callsFor));
  const wanted = (calls / ratePerS / (1 - TRIMMED)) * 1000;
  return Math.min(MAX_TRIAL_MS, Math.max(MIN_TRIAL_MS, wanted));
}

function callsFor({ metric, limit }: Threshold): number {
  const parts = metricParts(metric);
  if (parts.kind === 'latency') return CALLS_BEYOND / (POINT_SHARES[parts.point] ?? 1);
  return parts.metric === 'error_rate' && limit > 0 ? CALLS_BEYOND / limit : 0;
}

function capacityScenario({ slo }: CapacityRequest): Scenario {
  return {
    id: CAPACITY_SCENARIO,
    title: `the highest rate that meets ${slo}`,
    purpose:
      'Calls sent at random times at a given rate, whatever the server does; the rate is doubled until the service level is missed, the gap halved, and the rate found tried once more.',
    headline: { metric: 'throughput', pick: 'highest' },
    factor: 'calls/s offered',
    settings: {},
    levels: [],
    runs: 'one',
    warmupRuns: 'none',
    stop: null,
  };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
