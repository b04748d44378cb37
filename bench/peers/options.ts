// What the comparison is asked to do. Every bound has a default that keeps a whole comparison to some minutes.

import { parseArgs } from 'node:util';

export const TARGET_NAMES = ['fast', 'grpc-go', 'delayed'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export interface PeersOptions {
  readonly targets: readonly TargetName[];
  readonly concurrencies: readonly number[];
  readonly repetitions: number;
  /** Calls of one run by a tool that is cheap; null chooses by target and concurrency. */
  readonly calls: number | null;
  /** Names of tools to run; null for all that are found. */
  readonly tools: readonly string[] | null;
  readonly streaming: boolean;
  readonly json: boolean;
  /** Server on one processor, generator on another. */
  readonly pin: boolean;
  /** Bound on one run, seconds. */
  readonly runSeconds: number;
}

export const USAGE = `npm run bench:peers -- [options]
  --targets LIST       of fast, grpc-go, delayed (10 ms + U(0,10) ms); default fast,delayed
  --concurrency LIST   default 1,10,50,200
  --repetitions N      of every tool, interleaved; default 5
  --calls N            calls per run of the cheap tools, a tenth for the others against a fast target
  --tools LIST         default: all that are installed
  --streams            StreamWeave of 10 messages instead of Weave
  --run-seconds N      bound on one run; default 60
  --no-pin             leave the processors to the scheduler
  --json               one JSON document instead of tables
`;

/** Throws an Error that names what is wrong. */
export function parsePeersOptions(args: readonly string[]): PeersOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      targets: { type: 'string', default: 'fast,delayed' },
      concurrency: { type: 'string', default: '1,10,50,200' },
      repetitions: { type: 'string', default: '5' },
      calls: { type: 'string' },
      tools: { type: 'string' },
      streams: { type: 'boolean', default: false },
      'run-seconds': { type: 'string', default: '60' },
      pin: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    targets: values.targets.split(',').map(targetName),
    concurrencies: values.concurrency.split(',').map((text) => positive('--concurrency', text)),
    repetitions: positive('--repetitions', values.repetitions),
    calls: values.calls === undefined ? null : positive('--calls', values.calls),
    tools: values.tools?.split(',') ?? null,
    streaming: values.streams,
    json: values.json,
    pin: values.pin,
    runSeconds: positive('--run-seconds', values['run-seconds']),
  };
}

function targetName(text: string): TargetName {
  const found = TARGET_NAMES.find((name) => name === text);
  if (found === undefined) {
    throw new Error(`--targets knows ${TARGET_NAMES.join(', ')}; not '${text}'.`);
  }
  return found;
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(`${flag} takes whole numbers from 1; '${text}' is none.`);
  }
  return value;
}
