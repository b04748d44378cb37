// TLS settings → what node:tls wants. Files are read once, before any connection: a missing one is a mistake in the
// configuration, not a server that cannot be reached.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls';
import type { TlsConfig } from '../../../../contract/config.ts';
import { BenchmarkError } from '../../../../contract/failure.ts';

export const ALPN_H2 = 'h2';

/** Throws BenchmarkError 'config-invalid'. `host` is the name dialled; '' for a unix socket. */
export function tlsOptions(tls: TlsConfig, host: string): ConnectionOptions {
  if ((tls.certPath === null) !== (tls.keyPath === null)) {
    throw new BenchmarkError(
      'config-invalid',
      'A client certificate and its key belong together: give both tls.certPath and tls.keyPath, or neither.',
    );
  }
  const serverName = tls.serverName ?? host;
  return {
    ALPNProtocols: [ALPN_H2],
    rejectUnauthorized: !tls.skipVerify,
    // SNI may not be an IP address (RFC 6066, 3).
    ...(serverName !== '' && isIP(serverName) === 0 ? { servername: serverName } : {}),
    secureContext: secureContext(tls),
  };
}

/** Made once for all connections; a file that is no PEM shows here and not as a server that cannot be reached. */
function secureContext(tls: TlsConfig): SecureContext {
  const material = {
    ...readPem('ca', tls.caPath),
    ...readPem('cert', tls.certPath),
    ...readPem('key', tls.keyPath),
  };
  try {
    return createSecureContext(material);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchmarkError('config-invalid', `The TLS files could not be used: ${reason}.`, {
      cause,
    });
  }
}

function readPem(name: 'ca' | 'cert' | 'key', path: string | null): SecureContextOptions {
  if (path === null) return {};
  try {
    return { [name]: readFileSync(path) };
  } catch (cause) {
    throw new BenchmarkError('config-invalid', `The TLS file ${path} cannot be read.`, { cause });
  }
}
