// What a user asks for → every level with its settings, its order and its time, or every problem at once.

import { nearestName } from '../config/nearest-name.ts';
import { overlay } from '../config/overlay.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { resolveConfig } from '../config/resolve.ts';
import { readValues } from '../config/values.ts';
import type { BenchmarkConfig } from '../contract/config.ts';
import { DEFAULT_HOST_POLICY, type HostPolicy } from '../contract/host-policy.ts';
import { sequenceBoundMs } from '../contract/run-bound.ts';
import { DEFAULT_WATCH, type RegressionWatch } from '../contract/regression-watch.ts';
import type { Scenario, Settings } from '../contract/scenario.ts';
import type { PlannedLevel, RunCost, SuitePlan, SuiteRequest } from '../contract/suite.ts';
import { findScenario, SCENARIOS, SUITE_SCENARIOS } from '../scenarios/index.ts';
import { ASSUMED_COST, estimateCheckMs, estimateLevelMs, estimateFrameMs } from './estimate.ts';
import { orderedLevels, type OrderedLevel } from './order.ts';
import { scaled } from './scale.ts';

export type PlannedSuite =
  | { readonly kind: 'ok'; readonly plan: SuitePlan }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

const ALL = 'all';

export function planSuite(request: SuiteRequest, runCost: RunCost = ASSUMED_COST): PlannedSuite {
  const chosen = chooseScenarios(request);
  const problems = [...chosen.problems, ...readValues(request.settings).problems];
  if (problems.length > 0) return { kind: 'invalid', problems };
  const planned = orderedLevels(chosen.scenarios, request.order, request.seed).map((ordered) =>
    planLevel(ordered, request, runCost),
  );
  const bad = planned.flatMap((level) => (level.kind === 'invalid' ? level.problems : []));
  if (bad.length > 0) return { kind: 'invalid', problems: bad };
  const levels = planned.flatMap((level) => (level.kind === 'ok' ? [level.level] : []));
  const around =
    estimateFrameMs(runCost) + Math.max(0, levels.length - 1) * request.levelCooldownMs;
  return {
    kind: 'ok',
    plan: {
      request: { ...request, ownScenarios: [] },
      scenarios: chosen.scenarios,
      levels,
      estimateMs: levels.reduce((sum, level) => sum + level.estimateMs, around),
      runCost,
    },
  };
}

/** By when a suite of that plan is over or stands still, ms after its start; the time that it is paused is not counted. */
export function suiteBoundMs({ levels, request }: SuitePlan): number {
  const configs = levels.flatMap(({ settings }) => {
    const resolved = resolveConfig(settings);
    return resolved.kind === 'ok' ? [resolved.config] : [];
  });
  return sequenceBoundMs(configs, request.levelCooldownMs);
}

/** Options about what follows from a regression: the suite's own business, and not that of each level. */
const OF_THE_SUITE = ['failOnRegression', 'notify', 'notifyWebhook'] as const;

/** What the suite as a whole does about its history; of settings that were checked by `planSuite`. */
export function suiteWatch({ settings }: Pick<SuiteRequest, 'settings'>): RegressionWatch {
  const keys = ['regression', 'regressionThreshold', ...OF_THE_SUITE];
  return configOf(settings, keys)?.watch ?? DEFAULT_WATCH;
}

/** How the suite as a whole, or a search, treats the loss of a host; of settings that were checked by its plan. */
export function suiteHosts({ settings }: Pick<SuiteRequest, 'settings'>): HostPolicy {
  return configOf(settings, ['host', 'onHostLoss', 'hostLossLimit'])?.hosts ?? DEFAULT_HOST_POLICY;
}

function configOf(settings: Settings, keys: readonly string[]): BenchmarkConfig | null {
  const own = Object.entries(settings).filter(([key]) => keys.includes(key));
  const resolved = resolveConfig(Object.fromEntries(own));
  return resolved.kind === 'ok' ? resolved.config : null;
}

function chooseScenarios({ scenarios, ownScenarios }: SuiteRequest): {
  readonly scenarios: readonly Scenario[];
  readonly problems: readonly ConfigProblem[];
} {
  const problems: ConfigProblem[] = [];
  const chosen = new Map<string, Scenario>();
  const add = (scenario: Scenario): void => {
    if (chosen.has(scenario.id) && chosen.get(scenario.id) !== scenario) {
      problems.push({ path: '', message: `two scenarios are called '${scenario.id}'` });
    }
    chosen.set(scenario.id, scenario);
  };
  for (const name of scenarios) {
    const scenario = findScenario(name) ?? ownScenarios.find(({ id }) => id === name) ?? null;
    if (name === ALL) SUITE_SCENARIOS.forEach(add);
    else if (scenario !== null) add(scenario);
    else problems.push(unknownScenario(name, ownScenarios));
  }
  ownScenarios.forEach(add);
  if (chosen.size === 0 && problems.length === 0) {
    problems.push({ path: '', message: 'no scenario is named', hint: 'name some, or all' });
  }
  return { scenarios: [...chosen.values()], problems };
}

function unknownScenario(name: string, own: readonly Scenario[]): ConfigProblem {
  const known = [ALL, ...[...own, ...SCENARIOS].map(({ id }) => id)];
  const near = nearestName(name, known);
  return {
    path: '',
    message: `there is no scenario '${name}'`,
    hint: near === null ? 'see loombench scenarios list' : `did you mean ${near}?`,
  };
}

type Planned =
  | { readonly kind: 'ok'; readonly level: PlannedLevel }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

function planLevel(
  { scenario, level }: OrderedLevel,
  request: SuiteRequest,
  cost: RunCost,
): Planned {
  const name = `${scenario.id}/${level.name}`;
  const own = scaled({ ...scenario.settings, ...level.settings }, request.scale);
  const counted = level.settings['totalRequests'] === level.value;
  const settings = overlay(own, {
    ...levelSettings(request.settings),
    ...serverSettings(scenario, request),
    runs: runsOf(scenario, request),
    warmupRuns: shareOf(request.warmupRuns, scenario.warmupRuns),
    scenarioName: name,
  }) as Settings; // both layers are settings
  const resolved = resolveConfig(settings);
  if (resolved.kind === 'invalid') {
    const problems = resolved.problems.map((problem) => ({
      ...problem,
      path: `${name}: ${problem.path}`,
    }));
    return { kind: 'invalid', problems };
  }
  return {
    kind: 'ok',
    level: {
      scenario: scenario.id,
      level: level.name,
      factor: scenario.factor,
      value: counted ? resolved.config.totalRequests : level.value,
      series: level.series ?? null,
      settings,
      estimateMs:
        estimateLevelMs(resolved.config, cost) +
        (isChecked(scenario, request) ? estimateCheckMs(resolved.config, cost) : 0),
    },
  };
}

/** Embedded targets are started as they are wanted; only a server given by address is asked. */
function isChecked(scenario: Scenario, request: SuiteRequest): boolean {
  return isRemote(request) && scenario.asStarted !== true && !request.trustServer;
}

/** A server that cannot be started anew is cold for one run only. */
function runsOf(scenario: Scenario, request: SuiteRequest): number {
  const once = scenario.asStarted === true && isRemote(request);
  return once ? 1 : shareOf(request.runs, scenario.runs);
}

function isRemote({ settings }: SuiteRequest): boolean {
  const address = settings['serverAddr'];
  return address !== undefined && address !== '';
}

function levelSettings(settings: Settings): Settings {
  const entries = Object.entries(settings).filter(
    ([key]) => !OF_THE_SUITE.some((own) => own === key),
  );
  return Object.fromEntries(entries);
}

/** Runs on a server that was set, or seen, to be so are held against it; of a trusted one only its errors are expected. */
function serverSettings(scenario: Scenario, request: SuiteRequest): Settings {
  if (!isRemote(request) || scenario.asStarted === true) return {};
  return { serverSettings: request.trustServer ? 'trusted' : 'checked' };
}

/** Half is at least one of something, but none of nothing. */
function shareOf(count: number, share: Scenario['runs'] | Scenario['warmupRuns']): number {
  switch (share) {
    case 'all':
      return count;
    case 'half':
      return Math.min(count, Math.max(1, Math.floor(count / 2)));
    case 'one':
      return 1;
    case 'none':
      return 0;
  }
}
