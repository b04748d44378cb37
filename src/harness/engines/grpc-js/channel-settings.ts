// How the reference client's channels are set up: nothing hidden between a call and the wire (no retries, no proxy, no
// shared connection), and a reconnect that is back within seconds instead of grpc-js's growing minutes.

import { readFileSync } from 'node:fs';
import { credentials, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import type { TlsConfig } from '../../../contract/config.ts';
import { BenchmarkError } from '../../../contract/failure.ts';
import { formatServerAddress, type ServerAddress } from '../server-address.ts';

const RECONNECT_INITIAL_MS = 100;
const RECONNECT_MAX_MS = 1000;
/** grpc-js waits 30 s: a name that points elsewhere after a loss would be tried at its old address for as long. */
const RESOLVE_AGAIN_MS = 100;

export function channelTarget(address: ServerAddress): string {
  return address.kind === 'unix'
    ? formatServerAddress(address)
    : `dns:${formatServerAddress(address)}`;
}

export function channelOptions(
  tls: TlsConfig | null,
  maxReceiveMessageBytes: number,
): ChannelOptions {
  const serverName = tls?.serverName ?? null;
  return {
    'grpc.use_local_subchannel_pool': 1,
    // Per-call statistics that nobody reads.
    'grpc.enable_channelz': 0,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.max_receive_message_length': maxReceiveMessageBytes,
    'grpc.max_send_message_length': -1,
    'grpc.initial_reconnect_backoff_ms': RECONNECT_INITIAL_MS,
    'grpc.min_reconnect_backoff_ms': RECONNECT_INITIAL_MS,
    'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
    'grpc.dns_min_time_between_resolutions_ms': RESOLVE_AGAIN_MS,
    ...(serverName === null
      ? {}
      : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName }),
  };
}

/** Throws BenchmarkError 'config-invalid' for a PEM file that cannot be read or a half client identity. */
export function channelCredentials(tls: TlsConfig | null): ChannelCredentials {
  if (tls === null) return credentials.createInsecure();
  if ((tls.certPath === null) !== (tls.keyPath === null)) {
    throw new BenchmarkError(
      'config-invalid',
      'A client certificate and its key belong together: give both tls.certPath and tls.keyPath, or neither.',
    );
  }
  try {
    return credentials.createSsl(
      readPem(tls.caPath),
      readPem(tls.keyPath),
      readPem(tls.certPath),
      tls.skipVerify ? { rejectUnauthorized: false, checkServerIdentity: () => undefined } : {},
    );
  } catch (thrown) {
    if (thrown instanceof BenchmarkError) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new BenchmarkError('config-invalid', `The TLS files could not be used: ${why}.`, {
      cause: thrown,
    });
  }
}

function readPem(path: string | null): Buffer | null {
  if (path === null) return null;
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new BenchmarkError('config-invalid', `The TLS file ${path} cannot be read.`, {
      cause: thrown,
    });
  }
}
