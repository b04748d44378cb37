// The suite command's words → a checked request and its plan, or every problem under the name by which the user knows it.

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import {
  environmentName,
  flagName,
  isOptionKey,
  type RawConfig,
} from '../../config/option-table.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { readScenarioFile } from '../../config/scenario-file.ts';
import { rawFromEnvironment } from '../../config/sources.ts';
import { readSuiteRequest } from '../../config/suite-request.ts';
import type { SuitePlan } from '../../contract/suite.ts';
import { planSuite } from '../../suite/plan-suite.ts';

export interface SuiteWords {
  readonly names: readonly string[];
  readonly scenarioFiles: readonly string[];
  /** As text. */
  readonly scale: string | undefined;
  readonly order: string | undefined;
  readonly levelCooldown: string | undefined;
  readonly controlPlane: string | undefined;
  readonly trustServer: boolean;
  /** From the option table's flags. */
  readonly flags: RawConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export interface CheckedSuite {
  readonly kind: 'ok';
  /** For the workflow. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly plan: SuitePlan;
  /** The same for the same request. */
  readonly requestHash: string;
}

export type SuiteInput =
  CheckedSuite | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** Options of single benchmarks that say something about the whole suite. */
const OF_THE_SUITE: readonly string[] = ['runs', 'warmupRuns', 'seed'];
const PATH_KEYS: readonly string[] = ['cacert', 'cert', 'key'];

export function readSuiteInput(words: SuiteWords): SuiteInput {
  const environment = rawFromEnvironment(words.env);
  const options: RawConfig = { ...environment.raw, ...words.flags };
  const files = words.scenarioFiles.map((path) => readScenarioFile(resolve(words.cwd, path)));
  const problems = [
    ...environment.problems,
    ...files.flatMap((file) => (file.kind === 'invalid' ? file.problems : [])),
  ];
  const raw = definedOnly({
    scenarios: words.names,
    ownScenarios: files.flatMap((file) => (file.kind === 'ok' ? [file.scenario] : [])),
    ...wholeSuite(options),
    scale: words.scale === undefined ? undefined : Number(words.scale),
    order: words.order,
    levelCooldown: words.levelCooldown,
    controlPlane: words.controlPlane,
    trustServer: words.trustServer,
    settings: levelSettings(options, words.cwd),
  });
  const read = readSuiteRequest(raw);
  if (read.kind === 'invalid') {
    return { kind: 'invalid', problems: [...problems, ...read.problems.map(named(words))] };
  }
  const planned = planSuite(read.request);
  if (planned.kind === 'invalid') problems.push(...planned.problems);
  if (problems.length > 0 || planned.kind === 'invalid') return { kind: 'invalid', problems };
  const requestHash = createHash('sha256').update(JSON.stringify(read.request)).digest('hex');
  return { kind: 'ok', raw, plan: planned.plan, requestHash };
}

function wholeSuite(options: RawConfig): Record<string, unknown> {
  return Object.fromEntries(OF_THE_SUITE.map((key) => [key, lookUp(options, key)]));
}

/** What is left goes to every level; the seed too, since the calls of a level are drawn from it. */
function levelSettings(options: RawConfig, cwd: string): Record<string, unknown> {
  const entries = Object.entries(options).filter(
    ([key, value]) => value !== undefined && (key === 'seed' || !OF_THE_SUITE.includes(key)),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      PATH_KEYS.includes(key) && typeof value === 'string' ? resolve(cwd, value) : value,
    ]),
  );
}

function lookUp(options: RawConfig, key: string): unknown {
  return isOptionKey(key) ? options[key] : undefined;
}

function definedOnly(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function named({ flags }: SuiteWords): (problem: ConfigProblem) => ConfigProblem {
  return (problem) => {
    const [head = '', ...rest] = problem.path.split('.');
    const key = head === 'settings' ? rest.join('.') : head;
    if (isOptionKey(key)) {
      const path = flags[key] === undefined ? environmentName(key) : `--${flagName(key)}`;
      return { ...problem, path };
    }
    const own = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return key === '' || head === 'ownScenarios' ? problem : { ...problem, path: `--${own}` };
  };
}
