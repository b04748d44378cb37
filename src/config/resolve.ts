// Anything a user may hand in → one validated, fully defaulted BenchmarkConfig, or every problem at once.

import type { BenchmarkConfig } from '../contract/config.ts';
import type { ConfigProblem } from './problem.ts';

export type ResolvedConfig =
  | { readonly kind: 'ok'; readonly config: BenchmarkConfig; readonly configHash: string }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/**
 * @param raw undefined, null or {}: the default benchmark; a text: a scenario's name; an object: option keys to
 *   values as a config file has them (durations as text like '5s').
 */
export function resolveConfig(raw?: unknown): ResolvedConfig {
  return { kind: 'invalid', problems: [{ path: '', message: `not built yet: ${typeof raw}` }] };
}
