// What the commands for sequences of benchmarks have in common in reading their words.

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import {
  environmentName,
  flagName,
  isOptionKey,
  type RawConfig,
} from '../../config/option-table.ts';
import type { ConfigProblem } from '../../config/problem.ts';

/** Options of single benchmarks that say something about the whole sequence. */
const OF_THE_WHOLE: readonly string[] = ['runs', 'warmupRuns', 'seed'];
const PATH_KEYS: readonly string[] = ['cacert', 'cert', 'key'];

/** Of those options, what was said. */
export function wholeSequence(options: RawConfig): Record<string, unknown> {
  return Object.fromEntries(OF_THE_WHOLE.map((key) => [key, lookUp(options, key)]));
}

/** What is left goes to every benchmark; the seed too, since its calls are drawn from it. */
export function benchmarkSettings(options: RawConfig, cwd: string): Record<string, unknown> {
  const entries = Object.entries(options).filter(
    ([key, value]) => value !== undefined && (key === 'seed' || !OF_THE_WHOLE.includes(key)),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      PATH_KEYS.includes(key) && typeof value === 'string' ? resolve(cwd, value) : value,
    ]),
  );
}

export function definedOnly(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** undefined stays; what is no number is left for the schema to complain about. */
export function numberWord(word: string | undefined): number | undefined {
  return word === undefined ? undefined : Number(word);
}

/** The same for the same request. */
export function hashOf(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

/** The problem under the name by which the user knows the setting. */
export function named(flags: RawConfig): (problem: ConfigProblem) => ConfigProblem {
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

function lookUp(options: RawConfig, key: string): unknown {
  return isOptionKey(key) ? options[key] : undefined;
}
