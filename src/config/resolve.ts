// Anything a user may hand in → one validated, fully defaulted BenchmarkConfig, or every problem at once.

import type { BenchmarkConfig } from '../contract/config.ts';
import { findScenario, SCENARIOS } from '../scenarios/index.ts';
import { assembleBenchmark } from './assemble.ts';
import { configHash } from './config-hash.ts';
import { nearestName } from './nearest-name.ts';
import { overlay } from './overlay.ts';
import type { ConfigProblem } from './problem.ts';
import { ruleProblems } from './rules.ts';
import { quoted, readValues } from './values.ts';

export type ResolvedConfig =
  | { readonly kind: 'ok'; readonly config: BenchmarkConfig; readonly configHash: string }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/**
 * @param raw undefined, null or {}: the default benchmark; a text: a scenario's name; an object: option keys to
 *   values as a config file has them (durations as text like '5s').
 */
export function resolveConfig(raw?: unknown): ResolvedConfig {
  const input = asObject(raw);
  if (input === null) {
    const message = `a configuration is an object of options or the name of a scenario, not ${quoted(raw)}`;
    return { kind: 'invalid', problems: [{ path: '', message }] };
  }
  const scenario = withScenario(input);
  const read = readValues(scenario.raw);
  const problems = [...scenario.problems, ...read.problems, ...ruleProblems(read)];
  if (problems.length > 0) return { kind: 'invalid', problems };
  const config = assembleBenchmark(read);
  return { kind: 'ok', config, configHash: configHash(config) };
}

/** Null when the input is neither absent, nor a name, nor an object. */
function asObject(raw: unknown): Readonly<Record<string, unknown>> | null {
  if (raw === undefined || raw === null || raw === '') return {};
  if (typeof raw === 'string') return { scenario: raw };
  if (typeof raw !== 'object' || Array.isArray(raw)) return null;
  // A non-null object that is no array; its values stay unknown.
  return raw as Readonly<Record<string, unknown>>;
}

interface Expanded {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly problems: readonly ConfigProblem[];
}

/** Puts the settings of the scenario that `raw` names below those of `raw`. */
export function withScenario(raw: Readonly<Record<string, unknown>>): Expanded {
  const name = raw['scenario'];
  if (typeof name !== 'string' || name === '') return { raw, problems: [] };
  const scenario = findScenario(name);
  if (scenario === null) {
    const known = SCENARIOS.map(({ id }) => id);
    const near = nearestName(name, known);
    const hint = near === null ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
    return misfit(raw, `there is no scenario ${quoted(name)}`, hint);
  }
  const [level, ...more] = scenario.levels;
  if (level === undefined || more.length > 0) {
    const message = `the scenario ${name} has ${scenario.levels.length} levels, and this measures one`;
    return misfit(raw, message, `loombench suite ${name} measures all of them`);
  }
  return { raw: overlay({ ...scenario.settings, ...level.settings }, raw), problems: [] };
}

function misfit(raw: Readonly<Record<string, unknown>>, message: string, hint: string): Expanded {
  return { raw, problems: [{ path: 'scenario', message, hint }] };
}
