// A small HTTP server that answers in JSON: a fixed path and method for each thing that it does.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BenchmarkError, type FailureCode } from '../contract/failure.ts';

export interface HttpReply {
  readonly status: number;
  readonly body: object;
}

export interface HttpRoute {
  readonly method: 'GET' | 'POST';
  /** What it throws is answered as 400. */
  readonly answer: (request: IncomingMessage) => HttpReply | Promise<HttpReply>;
}

export interface HttpEndpointOptions {
  /** For messages, such as 'control plane'. */
  readonly name: string;
  /** When it cannot listen for another reason than that somebody else does. */
  readonly failureCode: FailureCode;
}

export class HttpEndpoint {
  readonly #http: Server;
  readonly #routes: ReadonlyMap<string, HttpRoute>;
  readonly #options: HttpEndpointOptions;

  /** `routes` by path. */
  constructor(routes: Readonly<Record<string, HttpRoute>>, options: HttpEndpointOptions) {
    this.#routes = new Map(Object.entries(routes));
    this.#options = options;
    this.#http = createServer((request, response) => void this.#serve(request, response));
  }

  /** Port 0 takes a free one. Resolves to `http://host:port`. Throws BenchmarkError 'port-in-use' or the failure code. */
  async listen(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', (error) => reject(this.#failure(host, port, error)));
      this.#http.listen(port, host, resolve);
    });
    // A TCP server that listens has an AddressInfo.
    const bound = this.#http.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
  }

  async stop(): Promise<void> {
    if (!this.#http.listening) return;
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: HttpReply;
    try {
      reply = await this.#route(request);
    } catch (thrown) {
      reply = {
        status: 400,
        body: { error: thrown instanceof Error ? thrown.message : 'bad request' },
      };
    }
    const text = `${JSON.stringify(reply.body)}\n`;
    response.writeHead(reply.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  }

  #route(request: IncomingMessage): HttpReply | Promise<HttpReply> {
    const [path = ''] = (request.url ?? '').split('?');
    const route = this.#routes.get(path);
    if (route === undefined) {
      const known = [...this.#routes.keys()].join(', ');
      return { status: 404, body: { error: `nothing at ${path}; there are ${known}` } };
    }
    if (request.method !== route.method)
      return { status: 405, body: { error: `${path} takes ${route.method}` } };
    return route.answer(request);
  }

  #failure(host: string, port: number, error: NodeJS.ErrnoException): BenchmarkError {
    const { name, failureCode } = this.#options;
    const address = `${host}:${port}`;
    const inUse = error.code === 'EADDRINUSE';
    return new BenchmarkError(
      inUse ? 'port-in-use' : failureCode,
      inUse
        ? `Another process listens on ${address} already: stop it, or choose another port for the ${name} (0 takes a free one).`
        : `The ${name} cannot listen on ${address}: ${error.message}.`,
      { details: { address }, cause: error },
    );
  }
}
