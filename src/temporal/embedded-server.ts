// The embedded Temporal server as its users see it: it is there while somebody holds it.

import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { BenchmarkError } from '../contract/failure.ts';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.ts';
import { KeeperLink } from './keeper-link.ts';
import { serverPaths } from './server-state.ts';
import { findTemporalCli } from './temporal-cli.ts';

export interface EmbeddedServer {
  /** host:port of the gRPC frontend; namespace `default`. */
  readonly address: string;
  readonly uiUrl: string;
  readonly version: string;
  /** True when it ran already and is shared. */
  readonly reused: boolean;
  /** Lets go of it; it ends some seconds after its last user did. */
  close(): Promise<void>;
}

export interface EmbeddedServerOptions {
  readonly signal?: AbortSignal;
  /** One line per event, for stderr. */
  readonly log?: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
}

const NAMESPACE_TIMEOUT_MS = 30_000;
/** A database from elsewhere may lack our attributes; the benchmark then goes without them. */
const ATTRIBUTES_TIMEOUT_MS = 3_000;
const POLL_MS = 100;

/**
 * Starts the server of that state directory or joins the one that runs.
 * Throws BenchmarkError 'temporal-cli-missing' | 'temporal-start-failed' | 'run-cancelled' (aborted).
 */
export async function ensureEmbeddedServer(
  stateDirectory: string,
  options: EmbeddedServerOptions = {},
): Promise<EmbeddedServer> {
  const signal = options.signal ?? new AbortController().signal;
  const log = options.log ?? (() => undefined);
  const link = new KeeperLink({
    paths: serverPaths(stateDirectory),
    stateDirectory,
    log,
    findCli: () => findTemporalCli(stateDirectory, { ...options, signal, log }),
  });
  try {
    const { ready, reused } = await link.open(signal);
    await waitUntilUsable(ready.address, signal);
    return {
      address: ready.address,
      uiUrl: ready.uiAddress,
      version: ready.temporalVersion,
      reused,
      close: () => {
        link.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    link.close();
    throw error;
  }
}

/** The port opens before the namespace is there, and the namespace before its search attributes. */
async function waitUntilUsable(address: string, signal: AbortSignal): Promise<void> {
  const connection = Connection.lazy({ address });
  try {
    const namespace = await poll(NAMESPACE_TIMEOUT_MS, signal, async () => {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    });
    if (!namespace) {
      throw new BenchmarkError(
        'temporal-start-failed',
        `The Temporal server at ${address} has no namespace after ${NAMESPACE_TIMEOUT_MS / 1000} s. Look into server.log in the state directory.`,
      );
    }
    await poll(ATTRIBUTES_TIMEOUT_MS, signal, async () => {
      const known = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      return Object.keys(SEARCH_ATTRIBUTES).every((name) => name in known.customAttributes);
    });
  } finally {
    await connection.close();
  }
}

async function poll(
  timeoutMs: number,
  signal: AbortSignal,
  check: () => Promise<boolean>,
): Promise<boolean> {
  for (let waited = 0; waited < timeoutMs; waited += POLL_MS) {
    signal.throwIfAborted();
    if (await check().catch(() => false)) return true;
    await delay(POLL_MS);
  }
  return false;
}
