// The capacity command's words → a checked request, or every problem under the name by which the user knows it.

import { readCapacityRequest } from '../../config/capacity-request.ts';
import type { RawConfig } from '../../config/option-table.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { rawFromEnvironment } from '../../config/sources.ts';
import type { CapacityPlan } from '../../contract/capacity.ts';
import { planCapacity } from '../../suite/capacity-plan.ts';
import { benchmarkSettings, definedOnly, hashOf, named, numberWord } from './request-words.ts';

export interface CapacityWords {
  readonly slo: string | undefined;
  readonly startRate: string | undefined;
  readonly maxRate: string | undefined;
  readonly tolerance: string | undefined;
  readonly maxTrials: string | undefined;
  readonly trialDuration: string | undefined;
  readonly repeatPause: string | undefined;
  readonly controlPlane: string | undefined;
  readonly trustServer: boolean;
  /** From the option table's flags. */
  readonly flags: RawConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export type CapacityInput =
  | {
      readonly kind: 'ok';
      /** For the workflow. */
      readonly raw: Readonly<Record<string, unknown>>;
      readonly plan: CapacityPlan;
      readonly requestHash: string;
    }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

export function readCapacityInput(words: CapacityWords): CapacityInput {
  const environment = rawFromEnvironment(words.env);
  const options: RawConfig = { ...environment.raw, ...words.flags };
  const raw = definedOnly({
    slo: words.slo ?? '',
    startRate: numberWord(words.startRate),
    maxRate: numberWord(words.maxRate),
    tolerance: numberWord(words.tolerance),
    maxTrials: numberWord(words.maxTrials),
    trialDuration: words.trialDuration,
    repeatPause: words.repeatPause,
    controlPlane: words.controlPlane,
    trustServer: words.trustServer,
    seed: options.seed,
    settings: benchmarkSettings(options, words.cwd),
  });
  const read = readCapacityRequest(raw);
  const planned = read.kind === 'ok' ? planCapacity(read.request) : read;
  if (planned.kind === 'invalid' || environment.problems.length > 0) {
    const found = planned.kind === 'invalid' ? planned.problems.map(toldFor(words.flags)) : [];
    return { kind: 'invalid', problems: [...environment.problems, ...found] };
  }
  return { kind: 'ok', raw, plan: planned.plan, requestHash: hashOf(planned.plan.request) };
}

/** Its --slo has the name of an option for single benchmarks, which the environment may set. */
function toldFor(flags: RawConfig): (problem: ConfigProblem) => ConfigProblem {
  const tell = named(flags);
  return (problem) => (problem.path === 'slo' ? { ...problem, path: '--slo' } : tell(problem));
}
