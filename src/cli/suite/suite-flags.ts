// The flags that a suite has beyond those of a benchmark: of `suite`, and of a schedule that starts one.

import type { Command } from '@commander-js/extra-typings';
import type { SuiteWords } from './suite-input.ts';

export interface SuiteRequestFlags {
  readonly scenarioFile?: readonly string[];
  readonly scale?: string;
  readonly order?: string;
  readonly levelCooldown?: string;
  readonly controlPlane?: string;
  readonly trustServer?: true;
}

type RequestWords = Pick<
  SuiteWords,
  'scenarioFiles' | 'scale' | 'order' | 'levelCooldown' | 'controlPlane' | 'trustServer'
>;

/** `group`: a heading of their own in the help. */
export function addSuiteFlags(command: Command, group?: string): void {
  const before = command.options.length;
  command
    .option('--scenario-file <file>', 'a scenario of your own, YAML or JSON; repeatable', appended)
    .option('--scale <factor>', 'above 0, at most 1: shortens durations and counts for a trial')
    .option('--order <order>', 'random (drawn from --seed) or ascending (default: random)')
    .option('--level-cooldown <duration>', 'idle time between levels (default: 0s)')
    .option(
      '--control-plane <url>',
      'of the server at --server-addr: where its settings can be changed, such as http://127.0.0.1:8080',
    )
    .option('--trust-server', 'measure without checking that the server does as it was told');
  if (group === undefined) return;
  for (const option of command.options.slice(before)) option.helpGroup(group);
}

/** Scenarios that stand where nobody can tell them from a flag's value are not said to be missing. */
export function namesOf(words: readonly string[], isCut: boolean): readonly string[] {
  return words.length === 0 && isCut ? ['all'] : words;
}

export function suiteWordsOf(flags: SuiteRequestFlags): RequestWords {
  const { scenarioFile, scale, order, levelCooldown, controlPlane, trustServer } = flags;
  return {
    ...{ scenarioFiles: scenarioFile ?? [], scale, order, levelCooldown, controlPlane },
    trustServer: trustServer === true,
  };
}

/** Those that were said, by their names. */
export function saidSuiteFlags(flags: SuiteRequestFlags): string[] {
  return [
    ...(flags.scenarioFile === undefined ? [] : ['--scenario-file']),
    ...(flags.scale === undefined ? [] : ['--scale']),
    ...(flags.order === undefined ? [] : ['--order']),
    ...(flags.levelCooldown === undefined ? [] : ['--level-cooldown']),
    ...(flags.controlPlane === undefined ? [] : ['--control-plane']),
    ...(flags.trustServer === undefined ? [] : ['--trust-server']),
  ];
}

function appended(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}
