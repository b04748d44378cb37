// The suite's activities by the names that history knows: planning, deciding, reading figures, writing the report.

import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { readCapacityRequest } from '../../config/capacity-request.ts';
import { readSuiteRequest } from '../../config/suite-request.ts';
import type { FailureCode } from '../../contract/failure.ts';
import type { RunKey } from '../../contract/run-plan.ts';
import type { RunMeasurement } from '../../contract/run-result.ts';
import type { LevelFigures, SuiteReport } from '../../contract/suite.ts';
import { suiteHtml } from '../../report/suite-html.ts';
import { suiteJson } from '../../report/suite-json.ts';
import { suiteMarkdown } from '../../report/suite-markdown.ts';
import { capacityBoundMs, decideCapacity, planCapacity } from '../../suite/capacity-plan.ts';
import { judgeTrial, NO_TRIAL } from '../../suite/capacity-trial.ts';
import { capacityHeadline, headlineOf } from '../../suite/headline.ts';
import { costFrom } from '../../suite/estimate.ts';
import { figuresOfAll, levelFigures } from '../../suite/level-figures.ts';
import { reasonOfMemory } from '../../suite/memory-watch.ts';
import { judgeSuite } from '../../suite/judge-suite.ts';
import { planSuite, suiteBoundMs, suiteHosts, suiteWatch } from '../../suite/plan-suite.ts';
import { reasonToStop } from '../../suite/stop-rule.ts';
import { invalidInput, mapped } from '../application-failure.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { prepareTarget, type CalibrationDependencies } from './prepare-target.ts';
import type {
  LevelDecision,
  LevelQuestion,
  PreparedCapacity,
  PreparedSuite,
  SuiteActivities,
  SuiteFacts,
  TrialFindings,
  TrialQuestion,
  WrittenSuiteReport,
} from './interface.ts';

export type SuiteDependencies = CalibrationDependencies &
  Pick<
    ActivityDependencies,
    | 'host'
    | 'loombenchVersion'
    | 'registeredSearchAttributes'
    | 'memory'
    | 'knownRunCost'
    | 'keepRunCost'
  >;

export function createSuiteActivities(deps: SuiteDependencies): SuiteActivities {
  return {
    planSuite: (raw) => mapped(() => prepare(deps, raw)),
    decideLevel: (question) =>
      mapped(() => Promise.resolve(decide(question, deps.memory().freeBytes))),
    prepareTarget: (question) =>
      mapped(() => whileBeating((signal) => prepareTarget(deps, question, signal))),
    planCapacity: (raw) => mapped(() => prepareCapacity(deps, raw)),
    nextCapacityTrial: ({ request, trials }) =>
      mapped(() => Promise.resolve(decideCapacity(request, trials))),
    readCapacityTrial: (question) => mapped(() => readTrial(deps, question)),
    readLevelFigures: (runs) => mapped(() => readFigures(deps, runs)),
    writeSuiteReport: (facts) => mapped(() => writeSuiteReport(deps, facts)),
  };
}

const HEARTBEAT_MS = 1_000;

/** A calibration may wait long for the host; only beats tell that its worker lives, and that it is not wanted any more. */
async function whileBeating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}

async function prepareCapacity(deps: SuiteDependencies, raw: unknown): Promise<PreparedCapacity> {
  const read = readCapacityRequest(raw);
  if (read.kind === 'invalid') throw invalidInput('capacity search', read.problems);
  const planned = planCapacity(read.request);
  if (planned.kind === 'invalid') throw invalidInput('capacity search', planned.problems);
  const { plan } = planned;
  return {
    plan,
    searchAttributes: await deps.registeredSearchAttributes(),
    boundMs: capacityBoundMs(plan.request),
    hosts: suiteHosts(plan.request),
  };
}

async function prepare(deps: SuiteDependencies, raw: unknown): Promise<PreparedSuite> {
  const read = readSuiteRequest(raw);
  if (read.kind === 'invalid') throw invalidInput('suite', read.problems);
  const planned = planSuite(read.request, (await deps.knownRunCost()) ?? undefined);
  if (planned.kind === 'invalid') throw invalidInput('suite', planned.problems);
  const { plan } = planned;
  return {
    plan,
    searchAttributes: await deps.registeredSearchAttributes(),
    boundMs: suiteBoundMs(plan),
    hosts: suiteHosts(plan.request),
    watch: suiteWatch(plan.request),
  };
}

export function decide(question: LevelQuestion, freeBytes: number): LevelDecision {
  const { scenario, level, results } = question;
  const own = scenario.levels.find(({ name }) => name === level.level);
  const figuresOf = (name: string): LevelFigures | null => {
    const outcome = results.find((result) => result.level === name)?.outcome;
    return outcome?.kind === 'measured' ? outcome.figures : null;
  };
  const seen = results.flatMap(({ outcome, value }) => {
    const bytes = outcome.kind === 'measured' ? outcome.figures.targetMemory.median : null;
    return bytes === null ? [] : [{ value, bytes }];
  });
  const reason =
    (own === undefined ? null : reasonToStop(scenario, own, figuresOf)) ??
    reasonOfMemory(scenario, level, { seen, freeBytes, ranOut: valuesThatRanOut(results) });
  return reason === null ? { kind: 'measure' } : { kind: 'skip', reason };
}

function valuesThatRanOut(results: LevelQuestion['results']): number[] {
  const code: FailureCode = 'memory-low';
  return results.flatMap(({ outcome, value }) =>
    outcome.kind === 'failed' && outcome.code === code ? [value] : [],
  );
}

async function readFigures(
  deps: SuiteDependencies,
  keys: readonly RunKey[],
): Promise<LevelFigures> {
  return levelFigures(await readMeasurements(deps, keys));
}

/** Latencies of an overloaded server are no figures of a server, but a part of the curve. */
async function readTrial(
  deps: SuiteDependencies,
  { slo, runs }: TrialQuestion,
): Promise<TrialFindings> {
  const measurements = await readMeasurements(deps, runs);
  const [measurement] = measurements;
  return {
    figures: figuresOfAll(measurements),
    ...(measurement === undefined ? NO_TRIAL : judgeTrial(slo, measurement)),
  };
}

async function readMeasurements(
  deps: SuiteDependencies,
  keys: readonly RunKey[],
): Promise<RunMeasurement[]> {
  const found = await Promise.all(keys.map((key) => deps.store.requireRun(key)));
  return found.map(({ run }) => run.measurement);
}

/** For the next estimate. A disk that cannot take it is no reason to lose the report. */
async function learnRunCost(
  deps: SuiteDependencies,
  { plan, levels }: Pick<SuiteFacts, 'plan' | 'levels'>,
): Promise<void> {
  const cost = costFrom(plan.levels, levels);
  if (cost !== null) await deps.keepRunCost(cost).catch(() => undefined);
}

async function writeSuiteReport(
  deps: SuiteDependencies,
  { suite, ...facts }: SuiteFacts,
): Promise<WrittenSuiteReport> {
  const { capacity } = facts;
  const headlines =
    capacity === undefined
      ? facts.plan.scenarios.map((scenario) => headlineOf(scenario, facts.levels))
      : [capacityHeadline(capacity, facts.levels)];
  await learnRunCost(deps, facts);
  const judgement = judgeSuite(facts);
  const report: SuiteReport = {
    ...facts,
    ...judgement,
    suiteId: suite.workflowId,
    loombenchVersion: deps.loombenchVersion,
    headlines,
  };
  const directory = deps.store.benchmarkDirectory(suite);
  const write = async (name: string, text: string): Promise<string> => {
    const { path } = await deps.store.writeText(join(directory, name), text);
    return path;
  };
  return {
    ...judgement,
    host: deps.host,
    headlines,
    files: {
      json: await write('index.json', suiteJson(report)),
      html: await write('index.html', suiteHtml(report)),
      markdown: await write('summary.md', suiteMarkdown(report)),
    },
  };
}
