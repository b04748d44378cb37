// The suite command's words → a checked request and its plan, or every problem under the name by which the user knows it.

import { resolve } from 'node:path';
import type { RawConfig } from '../../config/option-table.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { readScenarioFile } from '../../config/scenario-file.ts';
import { rawFromEnvironment } from '../../config/sources.ts';
import { readSuiteRequest } from '../../config/suite-request.ts';
import type { SuitePlan, SuiteRequest } from '../../contract/suite.ts';
import { planSuite } from '../../suite/plan-suite.ts';
import {
  benchmarkSettings,
  definedOnly,
  hashOf,
  named,
  numberWord,
  wholeSequence,
} from './request-words.ts';

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
  readonly request: SuiteRequest;
  readonly plan: SuitePlan;
  /** The same for the same request. */
  readonly requestHash: string;
}

export type SuiteInput =
  CheckedSuite | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

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
    ...wholeSequence(options),
    scale: numberWord(words.scale),
    order: words.order,
    levelCooldown: words.levelCooldown,
    controlPlane: words.controlPlane,
    trustServer: words.trustServer,
    settings: benchmarkSettings(options, words.cwd),
  });
  const read = readSuiteRequest(raw);
  if (read.kind === 'invalid') {
    return { kind: 'invalid', problems: [...problems, ...read.problems.map(named(words.flags))] };
  }
  const planned = planSuite(read.request);
  // With a file that could not be read, what is chosen is not known.
  const hasBadFile = files.some(({ kind }) => kind === 'invalid');
  if (planned.kind === 'invalid') {
    problems.push(...planned.problems.filter(({ path }) => !hasBadFile || path !== ''));
  }
  if (problems.length > 0 || planned.kind === 'invalid') return { kind: 'invalid', problems };
  const { request } = read;
  return { kind: 'ok', raw, request, plan: planned.plan, requestHash: hashOf(request) };
}
