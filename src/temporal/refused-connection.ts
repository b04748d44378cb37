// Why a Temporal server that is there was not reached. The SDK says of a certificate that it does not trust only that time
// ran out, so the handshake is tried once more by itself; what it says is for the user to correct, not to wait for.

import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { BenchmarkError } from '../contract/failure.ts';
import type { TLSConfig } from '@temporalio/client';

interface Settings {
  readonly address: string;
  readonly namespace: string;
  readonly options: { readonly tls?: TLSConfig | boolean | null };
}

const HANDSHAKE_MS = 3_000;
/** gRPC statuses of a server that knows the caller not, or not well enough. */
const REFUSALS: ReadonlySet<unknown> = new Set([16, 7]);

/** BenchmarkError 'config-invalid' when the settings are refused; null when the server is simply not there. */
export async function refusal(settings: Settings, error: unknown): Promise<BenchmarkError | null> {
  const { address } = settings;
  if (REFUSALS.has(statusOf(error))) {
    return refused(
      settings,
      `The Temporal server at ${address} refuses the credentials: ${messageOf(error)}. ` +
        'Correct TEMPORAL_API_KEY, or the client certificate (TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH).',
    );
  }
  const distrust = await handshakeProblem(settings);
  if (distrust === null) return null;
  return refused(
    settings,
    `The certificate of the Temporal server at ${address} is not accepted: ${distrust}. ` +
      'Correct TEMPORAL_TLS_SERVER_CA_CERT_PATH (the authority that signed it) or TEMPORAL_TLS_SERVER_NAME.',
  );
}

function refused({ address, namespace }: Settings, message: string): BenchmarkError {
  return new BenchmarkError('config-invalid', message, { details: { address, namespace } });
}

function statusOf(error: unknown): unknown {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}

/** Null without TLS, when the handshake succeeds, and when there is nobody to shake hands with. */
function handshakeProblem({ address, options }: Settings): Promise<string | null> {
  const tls = options.tls ?? false;
  if (tls === false) return Promise.resolve(null);
  const { hostname, port } = new URL(`https://${address}`);
  const given = tls === true ? {} : tls;
  const host = hostname.replace(/^\[|\]$/g, '');
  const request: ConnectionOptions = {
    host,
    port: port === '' ? 443 : Number(port),
    servername: given.serverNameOverride ?? (/^[\d.]+$|:/.test(host) ? '' : host),
    ALPNProtocols: ['h2'],
    timeout: HANDSHAKE_MS,
    ...(given.serverRootCACertificate === undefined
      ? {}
      : { ca: Buffer.from(given.serverRootCACertificate) }),
  };
  return new Promise((resolve) => {
    const socket = connectTls(request);
    const settle = (problem: string | null): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('secureConnect', () => settle(null));
    socket.once('timeout', () => settle(null));
    socket.once('error', (error: Error) => settle(isDistrust(error) ? error.message : null));
  });
}

/** Errors of the certificate, not of the way there. */
function isDistrust(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
