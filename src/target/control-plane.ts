// The bench server's control plane, as external tools know it: HTTP and JSON beside the gRPC port. Unlike the original,
// /reconfigure and /reset act on the server that is being called.

import type { IncomingMessage } from 'node:http';
import { HttpEndpoint, type HttpReply } from '../runtime/http-endpoint.ts';
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

export class ControlPlane {
  readonly #target: LoomServer;
  readonly #commit: string;
  readonly #endpoint: HttpEndpoint;

  /** `commit`: what /health says that this server was built from. */
  constructor(target: LoomServer, commit: string) {
    this.#target = target;
    this.#commit = commit;
    this.#endpoint = new HttpEndpoint(
      {
        '/reconfigure': { method: 'POST', answer: (request) => this.#reconfigure(request) },
        '/reset': { method: 'POST', answer: () => this.#reset() },
        '/metrics': { method: 'GET', answer: () => this.#metrics() },
        '/health': { method: 'GET', answer: () => this.#health() },
      },
      { name: 'control plane', failureCode: 'target-start-failed' },
    );
  }

  /** Port 0 takes a free one. Resolves to `http://host:port`. Throws BenchmarkError 'port-in-use' or 'target-start-failed'. */
  listen(host: string, port: number): Promise<string> {
    return this.#endpoint.listen(host, port);
  }

  stop(): Promise<void> {
    return this.#endpoint.stop();
  }

  async #reconfigure(request: IncomingMessage): Promise<HttpReply> {
    const parsed = parseControlSettings(parseJson(await readBody(request)));
    if (parsed.kind === 'invalid') {
      const { problems } = parsed;
      return { status: 400, body: { error: problems.join('; '), problems } };
    }
    const state = this.#target.reconfigure(toTargetChange(parsed.settings));
    return { status: 200, body: { status: 'reconfigured', ...effectiveSettings(state) } };
  }

  #reset(): HttpReply {
    this.#target.reset();
    return { status: 200, body: { status: 'reset', sessions: this.#target.state().sessions } };
  }

  #metrics(): HttpReply {
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

  #health(): HttpReply {
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
