// The bench server's control plane, as external tools know it: HTTP and JSON beside the gRPC port. Unlike the original,
// /reconfigure and /reset act on the server that is being called.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BenchmarkError } from '../contract/failure.ts';
import { effectiveSettings, parseControlSettings, toTargetChange } from './control-settings.ts';
import type { LoomServer } from './loom-server.ts';

const MAX_BODY_BYTES = 65_536;

/** GET /metrics, Loom's names. Nanoseconds; null when no call has ended. */
export interface ControlPlaneMetrics {
  readonly TotalCalls: number;
  readonly SuccessCount: number;
  readonly ErrorCount: number;
  readonly AvgLatency: number | null;
  readonly MinLatency: number | null;
  readonly MaxLatency: number | null;
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

type Route = (request: IncomingMessage) => Reply | Promise<Reply>;

export class ControlPlane {
  readonly #target: LoomServer;
  readonly #commit: string;
  readonly #http: Server;
  readonly #routes: ReadonlyMap<string, { readonly method: string; readonly answer: Route }>;

  /** `commit`: what /health says that this server was built from. */
  constructor(target: LoomServer, commit: string) {
    this.#target = target;
    this.#commit = commit;
    this.#routes = new Map([
      [
        '/reconfigure',
        { method: 'POST', answer: (request: IncomingMessage) => this.#reconfigure(request) },
      ],
      ['/reset', { method: 'POST', answer: () => this.#reset() }],
      ['/metrics', { method: 'GET', answer: () => this.#metrics() }],
      ['/health', { method: 'GET', answer: () => this.#health() }],
    ]);
    this.#http = createServer((request, response) => void this.#serve(request, response));
  }

  /** Port 0 takes a free one. Resolves to `http://host:port`. Throws BenchmarkError 'port-in-use' or 'target-start-failed'. */
  async listen(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', (error) => reject(listenFailure(host, port, error)));
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
    let reply: Reply;
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

  #route(request: IncomingMessage): Reply | Promise<Reply> {
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

  async #reconfigure(request: IncomingMessage): Promise<Reply> {
    const parsed = parseControlSettings(parseJson(await readBody(request)));
    if (parsed.kind === 'invalid') {
      const { problems } = parsed;
      return { status: 400, body: { error: problems.join('; '), problems } };
    }
    const state = this.#target.reconfigure(toTargetChange(parsed.settings));
    return { status: 200, body: { status: 'reconfigured', ...effectiveSettings(state) } };
  }

  #reset(): Reply {
    this.#target.reset();
    return { status: 200, body: { status: 'reset', sessions: this.#target.state().sessions } };
  }

  #metrics(): Reply {
    const { totalCalls, successCount, errorCount, ...latency } = this.#target.metrics();
    const ended = successCount + errorCount;
    const body: ControlPlaneMetrics = {
      TotalCalls: totalCalls,
      SuccessCount: successCount,
      ErrorCount: errorCount,
      AvgLatency: ended === 0 ? null : Math.round(latency.sumLatencyNs / ended),
      MinLatency: latency.minLatencyNs,
      MaxLatency: latency.maxLatencyNs,
    };
    return { status: 200, body };
  }

  #health(): Reply {
    return { status: 200, body: { status: 'ok', commit: this.#commit } };
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    // An IncomingMessage without an encoding yields buffers.
    const bytes = piece as Buffer;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the body is larger than ${MAX_BODY_BYTES} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the body is not JSON');
  }
}

function listenFailure(host: string, port: number, error: NodeJS.ErrnoException): BenchmarkError {
  const address = `${host}:${port}`;
  const inUse = error.code === 'EADDRINUSE';
  return new BenchmarkError(
    inUse ? 'port-in-use' : 'target-start-failed',
    inUse
      ? `Another process listens on ${address} already: stop it, or choose another HTTP port (0 takes a free one).`
      : `The control plane cannot listen on ${address}: ${error.message}.`,
    { details: { address }, cause: error },
  );
}
