// Where the user's Temporal is, by the standard TEMPORAL_* variables and profile file, and a client connected to it.

import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { BenchmarkError } from '../contract/failure.ts';
import { refusal } from './refused-connection.ts';

type LoadedConnectionOptions = ReturnType<typeof loadClientConnectConfig>['connectionOptions'];

export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  /** TLS, API key and headers beside the address; never holds an explicit undefined. */
  readonly options: LoadedConnectionOptions;
}

export interface TemporalConnection {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Settings of the Temporal that the user configured by environment or profile; null when none is configured,
 * which means that the embedded server is wanted.
 * Throws BenchmarkError 'config-invalid' when a profile cannot be read.
 */
export function configuredTemporal(env: NodeJS.ProcessEnv = process.env): TemporalSettings | null {
  const variables = definedOnly(env);
  let loaded: ReturnType<typeof loadClientConnectConfig>;
  try {
    loaded = loadClientConnectConfig({ overrideEnvVars: variables });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BenchmarkError(
      'config-invalid',
      `The Temporal connection settings cannot be read: ${reason} Check TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and the TEMPORAL_* variables.`,
      { cause: error },
    );
  }
  const { address } = loaded.connectionOptions;
  if (address === undefined || address === '') return null;
  return {
    address,
    namespace: loaded.namespace ?? 'default',
    options: withoutUndefined(loaded.connectionOptions),
  };
}

/** Settings for the embedded server: plaintext on the loopback address, namespace `default`. */
export function embeddedTemporal(address: string): TemporalSettings {
  return { address, namespace: 'default', options: { address } };
}

/** Connects within some seconds or throws BenchmarkError 'temporal-unreachable', or 'config-invalid' when it is refused. */
export async function connectToTemporal(settings: TemporalSettings): Promise<TemporalConnection> {
  let connection: Connection;
  try {
    connection = await Connection.connect({
      ...settings.options,
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
  } catch (error) {
    throw (await refusal(settings, error)) ?? unreachable(settings, error);
  }
  return {
    address: settings.address,
    namespace: settings.namespace,
    client: new Client({ connection, namespace: settings.namespace }),
    close: () => connection.close(),
  };
}

/** The sentence for a Temporal server that does not answer. */
export function unreachable(settings: TemporalSettings, cause: unknown): BenchmarkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BenchmarkError(
    'temporal-unreachable',
    `No Temporal server answers at ${settings.address} (namespace ${settings.namespace}): ${reason}. ` +
      'Start it or correct TEMPORAL_ADDRESS; without TEMPORAL_ADDRESS the embedded server is used.',
    { details: { address: settings.address, namespace: settings.namespace }, cause },
  );
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The SDK's validators reject a key that is present but undefined. */
function withoutUndefined(options: LoadedConnectionOptions): LoadedConnectionOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => (value as unknown) !== undefined),
  );
}
