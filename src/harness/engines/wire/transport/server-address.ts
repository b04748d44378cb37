// `host:port`, `[v6]:port` and `unix:/path`, read strictly: a wrong address must say what is wrong with it.

import { BenchmarkError } from '../../../../contract/failure.ts';

export type ServerAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

const UNIX_PREFIX = 'unix:';
const MAX_PORT = 65_535;

/** Throws BenchmarkError 'config-invalid'. */
export function parseServerAddress(text: string): ServerAddress {
  if (text.startsWith(UNIX_PREFIX)) {
    // unix:///path and unix:/path are both in use.
    const path = text.slice(UNIX_PREFIX.length).replace(/^\/\/(?=\/)/, '');
    if (path === '') throw invalid(text, 'names no socket file; write unix:/path');
    return { kind: 'unix', path };
  }
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d+)$/.exec(text);
  if (match === null) throw invalid(text, adviceFor(text));
  const host = match[1] ?? match[2] ?? '';
  const port = Number(match[3]);
  if (host === '') throw invalid(text, 'names no host; write host:port');
  if (port < 1 || port > MAX_PORT) throw invalid(text, `has no port between 1 and ${MAX_PORT}`);
  return { kind: 'tcp', host, port };
}

function adviceFor(text: string): string {
  if (text.split(':').length > 2) return 'looks like IPv6; write it in brackets: [::1]:50051';
  if (text.includes('://')) return 'has a scheme; write host:port';
  return 'is not host:port, [v6]:port or unix:/path';
}

function invalid(text: string, problem: string): BenchmarkError {
  return new BenchmarkError('config-invalid', `server address "${text}" ${problem}`);
}

/** As people and :authority write it. */
export function formatServerAddress(address: ServerAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
