// The address of a server under test, read once and strictly: a typo must become a sentence, not a DNS lookup.

import { isIPv6 } from 'node:net';
import { BenchmarkError } from '../../contract/failure.ts';

export type ServerAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

const HOST = /^[A-Za-z0-9._-]+$/;

/** `host:port`, `[v6]:port` or `unix:/path`. Throws BenchmarkError 'config-invalid' that says what is wrong. */
export function parseServerAddress(text: string): ServerAddress {
  if (text.startsWith('unix:')) return parseUnix(text);
  if (isIPv6(text)) {
    throw invalid(text, `an IPv6 address needs brackets and a port, as in [${text}]:60051`);
  }
  const { host, port } = text.startsWith('[') ? splitBracketed(text) : splitPlain(text);
  return { kind: 'tcp', host, port: parsePort(text, port) };
}

/** The address as people write it. */
export function formatServerAddress(address: ServerAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return isIPv6(address.host)
    ? `[${address.host}]:${address.port}`
    : `${address.host}:${address.port}`;
}

function parseUnix(text: string): ServerAddress {
  const path = text.replace(/^unix:(\/\/(?=\/))?/, '');
  if (!path.startsWith('/')) {
    throw invalid(text, 'a unix socket needs an absolute path, as in unix:/run/loom.sock');
  }
  return { kind: 'unix', path };
}

function splitBracketed(text: string): { host: string; port: string } {
  const match = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const host = match?.[1] ?? '';
  if (!isIPv6(host)) throw invalid(text, 'what stands in brackets is not an IPv6 address');
  return { host, port: match?.[2] ?? '' };
}

function splitPlain(text: string): { host: string; port: string } {
  if (text.includes('://')) throw invalid(text, 'leave the scheme out and give host:port');
  const parts = text.split(':');
  if (parts.length > 2) {
    throw invalid(text, 'too many colons; put an IPv6 address in brackets, as in [::1]:60051');
  }
  const [host = '', port = ''] = parts;
  if (!HOST.test(host)) throw invalid(text, 'the host is missing or has a character no host has');
  return { host, port };
}

function parsePort(text: string, port: string): number {
  if (port === '') throw invalid(text, 'the port is missing, as in localhost:60051');
  const value = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (value < 1 || value > 65_535) throw invalid(text, 'the port must be from 1 to 65535');
  return value;
}

function invalid(text: string, why: string): BenchmarkError {
  return new BenchmarkError('config-invalid', `Server address "${text}": ${why}.`, {
    details: { serverAddr: text },
  });
}
