// A scenario that a user wrote → a checked one, or every problem at once.

import type { Scenario } from '../contract/scenario.ts';
import { readConfigFile } from './config-file.ts';
import type { ConfigProblem } from './problem.ts';
import { scenarioSchema } from './scenario-schema.ts';
import { quoted, readValues } from './values.ts';

export type ReadScenario =
  | { readonly kind: 'ok'; readonly scenario: Scenario }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** YAML, or JSON by its name. Never throws. */
export function readScenarioFile(path: string): ReadScenario {
  const file = readConfigFile(path);
  return file.kind === 'ok' ? readScenario(file.raw, path) : file;
}

/** @param where what problems are said to be in: the file's path, or another name for the input. */
export function readScenario(raw: unknown, where: string): ReadScenario {
  const settings = settingsProblems(raw);
  const parsed = scenarioSchema.safeParse(raw);
  if (parsed.success && settings.length === 0) {
    // The settings were held against the option table, whose values are texts, numbers and booleans, by the schema.
    return { kind: 'ok', scenario: parsed.data as Scenario };
  }
  const formal = parsed.success ? [] : parsed.error.issues.map(problemOf);
  // The option table says better what is wrong with a setting than the schema does.
  const problems = [
    ...formal.filter(({ path }) => !/(^|\.)settings(\.|$)/.test(path)),
    ...settings,
  ];
  return {
    kind: 'invalid',
    problems: (problems.length > 0 ? problems : formal).map((problem) => ({
      ...problem,
      path: problem.path === '' ? where : `${where}: ${problem.path}`,
    })),
  };
}

function problemOf(issue: { path: PropertyKey[]; message: string }): ConfigProblem {
  return { path: issue.path.map(String).join('.'), message: issue.message };
}

/** Each settings object of the input, whatever else is wrong with it. */
function settingsProblems(raw: unknown): ConfigProblem[] {
  const levels: unknown = isObject(raw) ? raw['levels'] : undefined;
  const holders: [string, unknown][] = [['settings', raw]];
  if (Array.isArray(levels)) {
    levels.forEach((level: unknown, index) => holders.push([`levels.${index}.settings`, level]));
  }
  return holders.flatMap(([path, holder]) => {
    const settings = isObject(holder) ? (holder['settings'] ?? {}) : {};
    if (!isObject(settings)) {
      return [{ path, message: `must hold option keys with values, not ${quoted(settings)}` }];
    }
    return readValues(settings).problems.map((problem) => ({
      ...problem,
      path: `${path}.${problem.path}`,
    }));
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
