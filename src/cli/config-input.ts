// Flags, environment, file and scenario → one checked configuration, or every problem with the name under which the
// user knows the setting.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BenchmarkConfig } from '../contract/config.ts';
import { readConfigFile } from '../config/config-file.ts';
import {
  environmentName,
  flagName,
  isOptionKey,
  type OptionKey,
  type RawConfig,
} from '../config/option-table.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { resolveConfig } from '../config/resolve.ts';
import { mergeSources, rawFromEnvironment, type ConfigSource } from '../config/sources.ts';

export interface ConfigRequest {
  /** A scenario's name or a config file. */
  readonly subject: string | undefined;
  readonly flags: RawConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export interface CheckedConfig {
  readonly kind: 'ok';
  /** For the workflow: file paths are absolute, and `-` is empty. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly config: BenchmarkConfig;
  readonly configHash: string;
  /** `--output-path` as it was given. */
  readonly outputPath: string;
  /** False when nothing but defaults and environment was asked for. */
  readonly explicit: boolean;
}

export type ConfigInput =
  CheckedConfig | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

const PATH_KEYS = ['outputPath', 'cacert', 'cert', 'key', 'replay'] as const satisfies OptionKey[];

export function readConfigInput(request: ConfigRequest): ConfigInput {
  const subject = subjectOf(request);
  const environment = rawFromEnvironment(request.env);
  const merged = mergeSources({
    flags:
      subject.kind === 'scenario' ? { ...request.flags, scenario: subject.name } : request.flags,
    environment: environment.raw,
    ...(subject.kind === 'file' ? { file: subject.raw } : {}),
  });
  const outputPath = textOf(merged.raw['outputPath']);
  const raw = withAbsolutePaths(merged.raw, request.cwd);
  const resolved = resolveConfig(raw);
  const problems = [
    ...(subject.kind === 'invalid' ? subject.problems : []),
    ...environment.problems,
    ...(resolved.kind === 'invalid'
      ? resolved.problems.map((problem) => named(problem, merged.origins))
      : []),
  ];
  if (resolved.kind === 'invalid' || problems.length > 0) return { kind: 'invalid', problems };
  return {
    kind: 'ok',
    raw,
    config: resolved.config,
    configHash: resolved.configHash,
    outputPath,
    explicit: subject.kind !== 'none' || Object.keys(request.flags).length > 0,
  };
}

type Subject =
  | { readonly kind: 'none' }
  | { readonly kind: 'scenario'; readonly name: string }
  | { readonly kind: 'file'; readonly raw: Readonly<Record<string, unknown>> }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

function subjectOf({ subject, cwd }: ConfigRequest): Subject {
  if (subject === undefined) return { kind: 'none' };
  const path = resolve(cwd, subject);
  if (!/[./\\]/.test(subject) && !existsSync(path)) return { kind: 'scenario', name: subject };
  const file = readConfigFile(path);
  return file.kind === 'ok' ? { kind: 'file', raw: file.raw } : file;
}

function withAbsolutePaths(
  raw: Readonly<Record<string, unknown>>,
  cwd: string,
): Readonly<Record<string, unknown>> {
  const absolute: Record<string, unknown> = { ...raw };
  for (const key of PATH_KEYS) {
    const path = textOf(raw[key]);
    if (path !== '') absolute[key] = path === '-' ? '' : resolve(cwd, path);
  }
  return absolute;
}

/** The name under which the user gave the setting. */
function named(
  problem: ConfigProblem,
  origins: Readonly<Partial<Record<OptionKey, ConfigSource>>>,
): ConfigProblem {
  if (!isOptionKey(problem.path)) return problem;
  // The scenario is the command's argument, not a flag.
  if (problem.path === 'scenario') return { ...problem, path: '' };
  const origin = origins[problem.path];
  if (origin === 'flag') return { ...problem, path: `--${flagName(problem.path)}` };
  return origin === 'environment' ? { ...problem, path: environmentName(problem.path) } : problem;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
