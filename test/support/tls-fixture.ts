// The self-made certificates of test/fixtures/tls, as settings towards a server that uses them.

import { fileURLToPath } from 'node:url';
import type { TlsConfig } from '../../src/contract/config.ts';

export function certificatePath(file: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${file}`, import.meta.url));
}

/** Trusts the authority that signed the test server's certificate, and shows none of its own. */
export const TEST_TRUST: TlsConfig = {
  caPath: certificatePath('ca.pem'),
  certPath: null,
  keyPath: null,
  serverName: null,
  skipVerify: false,
};
