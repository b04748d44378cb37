// One socket to the server: names resolved anew for every connection (so that a restarted server's new address is used),
// addresses tried in turn, TLS with ALPN h2 or a clear refusal.

import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { formatServerAddress, type ServerAddress } from '../../server-address.ts';
import { ALPN_H2 } from './tls-material.ts';

export interface DialOptions {
  readonly address: ServerAddress;
  /** null: plaintext. */
  readonly tls: ConnectionOptions | null;
  readonly timeoutMs: number;
  /** Which of several resolved addresses to try first: connections are spread over them. */
  readonly rotation: number;
  /** Hears of every address of a name; an address needs no looking up. */
  readonly onResolved: (addresses: readonly string[]) => void;
  /** Every read, in one buffer that is reused. */
  readonly onRead: (bytes: Buffer, length: number) => void;
}

/** `retryable`: the same attempt may succeed a moment later. */
export class DialError extends Error {
  override readonly name = 'DialError';
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}

const READ_BUFFER_BYTES = 64 * 1024;
/** However many addresses a name has, each gets at least this long. */
const MIN_ATTEMPT_MS = 250;

/** An open socket, its TLS handshake done. Throws DialError. */
export async function dial(options: DialOptions): Promise<Socket> {
  const endpoints = await resolve(options);
  const untilMs = performance.now() + options.timeoutMs;
  let failure = new DialError(`no address for ${formatServerAddress(options.address)}`, false);
  for (const [index, endpoint] of endpoints.entries()) {
    const leftMs = Math.max(1, untilMs - performance.now());
    const shareMs = Math.min(leftMs, Math.max(MIN_ATTEMPT_MS, leftMs / (endpoints.length - index)));
    try {
      return await attempt(endpoint, options, shareMs);
    } catch (thrown) {
      failure = toDialError(thrown, endpoint);
    }
  }
  throw failure;
}

type Endpoint = { readonly host: string; readonly port: number } | { readonly path: string };

async function resolve({ address, rotation, onResolved }: DialOptions): Promise<Endpoint[]> {
  if (address.kind === 'unix') return [{ path: address.path }];
  const { host, port } = address;
  if (isIP(host) !== 0) return [{ host, port }];
  try {
    const found = await lookup(host, { all: true });
    onResolved(found.map((entry) => entry.address));
    const start = found.length === 0 ? 0 : rotation % found.length;
    return [...found.slice(start), ...found.slice(0, start)].map((entry) => ({
      host: entry.address,
      port,
    }));
  } catch (cause) {
    throw new DialError(`cannot resolve ${host}: ${codeOf(cause)}`, codeOf(cause) === 'EAI_AGAIN');
  }
}

function attempt(endpoint: Endpoint, options: DialOptions, timeoutMs: number): Promise<Socket> {
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const onread: OnReadOpts = {
    buffer,
    callback: (length) => {
      options.onRead(buffer, length);
      return true;
    },
  };
  const socket =
    options.tls === null
      ? connectTcp({ ...endpoint, onread, noDelay: true })
      : // The typings lack onread, which tls.connect hands to the socket like every other net option.
        connectTls({ ...endpoint, ...options.tls, ...{ onread, noDelay: true } });
  return opened(socket, { secure: options.tls !== null, timeoutMs });
}

function opened(
  socket: Socket | TLSSocket,
  wait: { secure: boolean; timeoutMs: number },
): Promise<Socket> {
  return new Promise((resolvePromise, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      socket.off('error', fail);
      socket.off('close', onClose);
    };
    const fail = (cause: Error): void => {
      settle();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(cause);
    };
    const onClose = (): void => fail(new DialError('closed during the handshake', true));
    const timer = setTimeout(
      () => fail(new DialError(`no connection within ${Math.round(wait.timeoutMs)} ms`, true)),
      wait.timeoutMs,
    );
    socket.on('error', fail);
    socket.on('close', onClose);
    socket.once(wait.secure ? 'secureConnect' : 'connect', () => {
      const refusal = alpnRefusal(socket);
      if (refusal !== null) {
        fail(refusal);
        return;
      }
      settle();
      resolvePromise(socket);
    });
  });
}

function alpnRefusal(socket: Socket | TLSSocket): DialError | null {
  if (!('alpnProtocol' in socket) || socket.alpnProtocol === ALPN_H2) return null;
  const chosen = socket.alpnProtocol === false ? 'none' : String(socket.alpnProtocol);
  return new DialError(
    `the server does not speak HTTP/2 over TLS (ALPN: we offered h2, it chose ${chosen})`,
    false,
  );
}

/** Errors that a server on its way up shows. */
const PASSING_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);

function toDialError(thrown: unknown, endpoint: Endpoint): DialError {
  const place = 'path' in endpoint ? endpoint.path : `${endpoint.host} port ${endpoint.port}`;
  if (thrown instanceof DialError)
    return new DialError(`${place}: ${thrown.message}`, thrown.retryable);
  const code = codeOf(thrown);
  return new DialError(`${place}: ${reasonOf(thrown, code)}`, PASSING_CODES.has(code));
}

/** OpenSSL's messages name its source files; the reason alone is for people. */
function reasonOf(thrown: unknown, code: string): string {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'the server does not speak TLS';
  if (!(thrown instanceof Error)) return String(thrown);
  if ('reason' in thrown && code.startsWith('ERR_SSL_')) return `TLS: ${String(thrown.reason)}`;
  return thrown.message;
}

function codeOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) return String(thrown.code);
  return String(thrown);
}
