// What a user says about a suite → a checked request, or every problem at once. The command line and the workflow's own
// input go the same way, so that a suite started from the Web UI is held to the same rules.

import { z } from 'zod';
import { SUITE_ORDERS, type SuiteRequest } from '../contract/suite.ts';
import type { Scenario, Settings } from '../contract/scenario.ts';
import { DURATION_PATTERN, parseDurationMs } from './duration.ts';
import type { ConfigProblem } from './problem.ts';
import { readScenario } from './scenario-file.ts';
import { rawConfigSchema } from './schema.ts';
import { readValues } from './values.ts';

export type ReadSuiteRequest =
  | { readonly kind: 'ok'; readonly request: SuiteRequest }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** Runs of a suite by default: enough to see whether a figure is stable; 10 and 2 make a publication. */
const DEFAULT_RUNS = 3;
const DEFAULT_WARMUP_RUNS = 1;

/** What every sequence of benchmarks is told about the server and its load. */
export const serverFields = {
  seed: z.int().min(0).max(4_294_967_295).default(1),
  settings: z.record(z.string(), z.unknown()).default({}),
  controlPlane: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  trustServer: z.boolean().default(false),
};

const suiteRequestSchema = z.strictObject({
  ...serverFields,
  scenarios: z.array(z.string()).max(100).default([]),
  ownScenarios: z.array(z.unknown()).max(100).default([]),
  scale: z.number().positive().max(1).default(1),
  runs: z.int().min(1).max(1000).default(DEFAULT_RUNS),
  warmupRuns: z.int().min(0).max(1000).default(DEFAULT_WARMUP_RUNS),
  order: z.enum(SUITE_ORDERS).default('random'),
  levelCooldown: z.string().regex(DURATION_PATTERN).default('0s'),
});

/** Keys of `settings` that every sequence decides itself. */
const NOT_SETTINGS: readonly string[] = [
  'scenario',
  'scenarioName',
  'runs',
  'warmupRuns',
  'outputPath',
  'serverSettings',
];

/** A text is the name of one scenario, or `all`; nothing is `all`. */
export function readSuiteRequest(raw?: unknown): ReadSuiteRequest {
  const parsed = suiteRequestSchema.safeParse(inputOf(raw));
  if (!parsed.success) return { kind: 'invalid', problems: problemsOf(parsed.error) };
  const { levelCooldown, ownScenarios, settings, ...rest } = parsed.data;
  const own = ownScenarios.map((scenario, index) =>
    readScenario(scenario, `ownScenarios.${index}`),
  );
  const read = settingsOf(settings, []);
  const problems = [
    ...own.flatMap((scenario) => (scenario.kind === 'invalid' ? scenario.problems : [])),
    ...(read.kind === 'invalid' ? read.problems : []),
  ];
  if (problems.length > 0 || read.kind === 'invalid') return { kind: 'invalid', problems };
  const scenarios = own.flatMap((one): Scenario[] => (one.kind === 'ok' ? [one.scenario] : []));
  return {
    kind: 'ok',
    request: {
      ...rest,
      ownScenarios: scenarios,
      levelCooldownMs: parseDurationMs(levelCooldown) ?? 0,
      settings: read.settings,
    },
  };
}

function inputOf(raw: unknown): unknown {
  if (typeof raw === 'string') return { scenarios: [raw === '' ? 'all' : raw] };
  if (raw === undefined || raw === null) return { scenarios: ['all'] };
  const empty = typeof raw === 'object' && Object.keys(raw).length === 0;
  return empty ? { scenarios: ['all'] } : raw;
}

export function problemsOf(error: z.ZodError): ConfigProblem[] {
  return error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

export type ReadSettings =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** @param decided keys that this sequence decides itself, besides those that every one does. */
export function settingsOf(
  settings: Readonly<Record<string, unknown>>,
  decided: readonly string[],
): ReadSettings {
  const own = [...NOT_SETTINGS, ...decided]
    .filter((key) => settings[key] !== undefined)
    .map((key) => ({
      path: `settings.${key}`,
      message: 'is decided here for each benchmark',
    }));
  const others = readValues(settings).problems.map((problem) => ({
    ...problem,
    path: `settings.${problem.path}`,
  }));
  const problems = [...own, ...others];
  if (problems.length > 0) return { kind: 'invalid', problems };
  // Held against the schema of the option table just now.
  return { kind: 'ok', settings: rawConfigSchema.parse(settings) as Settings };
}
