// TLS settings → what node:tls wants. Files are read once, before any connection: a missing one is a mistake in the
// configuration, not a server that cannot be reached.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { TlsConfig } from '../../../../contract/config.ts';
import { BenchmarkError } from '../../../../contract/failure.ts';

export const ALPN_H2 = 'h2';

/** Throws BenchmarkError 'config-invalid'. `host` is the name dialled; '' for a unix socket. */
export function tlsOptions(tls: TlsConfig, host: string): ConnectionOptions {
  if ((tls.certPath === null) !== (tls.keyPath === null)) {
    throw new BenchmarkError(
      'config-invalid',
      'a client certificate needs its key and a key its certificate: give both paths',
    );
  }
  const serverName = tls.serverName ?? host;
  return {
    ALPNProtocols: [ALPN_H2],
    rejectUnauthorized: !tls.skipVerify,
    // SNI may not be an IP address (RFC 6066, 3).
    ...(serverName !== '' && isIP(serverName) === 0 ? { servername: serverName } : {}),
    ...readPem('ca', tls.caPath),
    ...readPem('cert', tls.certPath),
    ...readPem('key', tls.keyPath),
  };
}

function readPem(name: 'ca' | 'cert' | 'key', path: string | null): ConnectionOptions {
  if (path === null) return {};
  try {
    return { [name]: readFileSync(path) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchmarkError(
      'config-invalid',
      `cannot read the TLS ${name} file ${path}: ${reason}`,
      {
        cause,
      },
    );
  }
}
