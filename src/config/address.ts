// The address of the server under test: `host:port`, `[v6]:port` or `unix:/path`.

import type { ConfigProblem } from './problem.ts';
import { quoted } from './values.ts';

/** Null when the address is usable, or empty (an embedded target). */
export function addressProblem(address: string): ConfigProblem | null {
  if (address === '') return null;
  const hint = addressHint(address);
  if (hint === null) return null;
  return { path: 'serverAddr', message: `${quoted(address)} is not an address`, hint };
}

/** What to write instead; null when nothing is wrong. */
function addressHint(address: string): string | null {
  if (address.startsWith('unix:')) {
    return /^unix:.+/.test(address) ? null : 'write unix: and the path of the socket';
  }
  if (/^[a-z]+:\/\//i.test(address)) return 'leave the scheme out and write host:port';
  if (/\s/.test(address)) return 'an address has no spaces';
  const bracketed = /^\[([0-9a-f:.%\w]+)\]:(\d+)$/i.exec(address);
  if (bracketed !== null) return portHint(bracketed[2]);
  if (address.startsWith('[')) return 'write [address]:port';
  if (address.split(':').length > 2) return ipv6Hint(address);
  const plain = /^([^:/]+):(\d+)$/.exec(address);
  return plain === null ? 'write host:port, like localhost:60051' : portHint(plain[2]);
}

/** '::1' alone, or '::1:60051' where nobody can tell where the port begins. */
function ipv6Hint(address: string): string {
  const withPort = /^(.*[^:]):(\d{4,5})$/.exec(address);
  const guess =
    withPort === null ? `[${address}]:60051` : `[${withPort[1] ?? ''}]:${withPort[2] ?? ''}`;
  return `an IPv6 address needs brackets and a port, like ${guess}`;
}

function portHint(port: string | undefined): string | null {
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? null : 'a port is between 1 and 65535';
}
