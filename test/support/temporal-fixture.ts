// A state directory of its own for a test, with the Temporal CLI found the way the product finds it (and fetched at most
// once for all tests, into the checkout's state directory).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readServerRecord,
  serverPaths,
  type ServerRecord,
} from '../../src/temporal/server-state.ts';
import { findTemporalCli } from '../../src/temporal/temporal-cli.ts';
import { processesWith, type SeenProcess } from './processes.ts';
import { repositoryRoot } from './repository.ts';
import { waitFor } from './wait-for.ts';

/** Makes everything that this test process starts use that CLI, and measure without waiting for other test files. */
export async function useTemporalCli(): Promise<void> {
  const cli = await findTemporalCli(join(repositoryRoot, '.loombench'));
  process.env['LOOMBENCH_TEMPORAL_CLI'] = cli.path;
  process.env['LOOMBENCH_HOST_LOCK'] = `loombench-test-${process.pid}`;
  process.env['LOOMBENCH_NULL_FLOOR'] = 'off';
  for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE']) {
    // The embedded server is what is tested.
    Reflect.deleteProperty(process.env, name);
  }
}

export interface ScratchState {
  readonly directory: string;
  /** Every process that was started for that state directory. */
  processes(): SeenProcess[];
  server(): Promise<ServerRecord>;
  /** Fails when a process is left some seconds after everything was let go; then removes the directory. */
  removeWhenQuiet(): Promise<void>;
}

export function scratchState(): ScratchState {
  const directory = mkdtempSync(join(tmpdir(), 'loombench-state-'));
  process.env['LOOMBENCH_HOME'] = directory;
  const processes = (): SeenProcess[] => processesWith('LOOMBENCH_HOME', directory);
  return {
    directory,
    processes,
    server: async () => {
      const record = await readServerRecord(serverPaths(directory).record);
      if (record === null) throw new Error('no server.json');
      return record;
    },
    removeWhenQuiet: async () => {
      try {
        await waitFor('no process is left', () => processes().length === 0, 30_000);
      } catch (error) {
        const left = processes().map(({ pid, command }) => `${pid} ${command}`);
        for (const { pid } of processes()) process.kill(pid, 'SIGKILL');
        throw new Error(`left behind:\n${left.join('\n')}`, { cause: error });
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
