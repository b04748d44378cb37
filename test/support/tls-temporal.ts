// A Temporal server behind TLS and an API key, as a hosted one is: an HTTP/2 proxy with the test certificate in front of a
// plain server, which lets only calls with the right key through.

import {
  connect,
  createSecureServer,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { certificatePath } from './tls-fixture.ts';

const UNAUTHENTICATED = 16;

export interface TlsTemporal {
  readonly address: string;
  /** Calls that were let through. */
  served(): number;
  close(): void;
}

export async function startTlsTemporal(plainAddress: string, apiKey: string): Promise<TlsTemporal> {
  const upstream = connect(`http://${plainAddress}`);
  const sessions = new Set<{ destroy(): void }>();
  let served = 0;
  const server = createSecureServer({
    cert: readFileSync(certificatePath('server.pem')),
    key: readFileSync(certificatePath('server.key')),
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
  });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (headers.authorization !== `Bearer ${apiKey}`) {
      refuse(stream);
      return;
    }
    served += 1;
    const call = upstream.request(headers);
    let trailers: IncomingHttpHeaders = {};
    call.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    call.on('trailers', (received: IncomingHttpHeaders) => void (trailers = received));
    call.on('response', (answer, flags) => {
      const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, isWhole ? { endStream: true } : { waitForTrailers: true });
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('close', () => call.close());
    stream.pipe(call).pipe(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    address: `127.0.0.1:${port}`,
    served: () => served,
    close: () => {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      server.close();
    },
  };
}

function refuse(stream: ServerHttp2Stream): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': UNAUTHENTICATED,
      'grpc-message': 'no such key',
    },
    { endStream: true },
  );
}
