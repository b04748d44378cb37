// A gRPC server that speaks Loom's contract and misbehaves on demand: each call is answered as a script says. What the
// embedded target never does (cut streams, silence, sudden death) is tested against this.

import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import type { WeaveProgress } from '../../src/protocol/generated/loom/v1/WeaveProgress.ts';
import type { WeaveRequest__Output } from '../../src/protocol/generated/loom/v1/WeaveRequest.ts';
import type { WeaveResponse } from '../../src/protocol/generated/loom/v1/WeaveResponse.ts';
import { loadLoomService } from '../../src/protocol/loom-service.ts';

/** How one call is to end. Messages before the end are sent to streams only. */
export type ScriptedAnswer =
  | {
      readonly kind: 'end';
      /** Wait before the first message, or before the status when there is none. */
      readonly afterMs?: number;
      readonly messages?: readonly WeaveProgress[];
      /** Between two messages; default 0: all at once. */
      readonly gapMs?: number;
      /** Default OK. Weave answers OK with `response`. */
      readonly code?: status;
      readonly details?: string;
      readonly response?: WeaveResponse;
    }
  /** Messages, then silence for ever. */
  | { readonly kind: 'hang'; readonly messages?: readonly WeaveProgress[] }
  /** Messages, then the whole server drops its connections and stops listening. */
  | { readonly kind: 'die'; readonly messages?: readonly WeaveProgress[] };

export interface ScriptedServer {
  readonly address: string;
  /** Calls of Weave and StreamWeave so far. */
  received(): number;
  /** Calls whose client went away or timed out. */
  abandoned(): number;
  maxConcurrent(): number;
  /** Drops every connection at once; the port refuses from then on. */
  die(): void;
}

export interface ScriptedServerOptions {
  readonly port?: number;
  /** Agents that ListAgents names; default one, "default". */
  readonly agents?: readonly { readonly id: string; readonly name: string }[];
  /** Status of GetHealth; default OK. */
  readonly healthCode?: status;
  /** grpc-js channel options, such as grpc.max_concurrent_streams. */
  readonly channelOptions?: Readonly<Record<string, string | number>>;
}

/** Three messages of a healthy stream: begun, one token message, completed. */
export function healthyMessages(text = 'answer'): WeaveProgress[] {
  return [
    { stage: 'EXECUTION_STAGE_LLM_GENERATION', progress: 90 },
    tokenMessage(text, 1),
    {
      stage: 'EXECUTION_STAGE_COMPLETED',
      progress: 100,
      partialContent: text,
      cost: { llmCost: { inputTokens: 50, outputTokens: 100, totalTokens: 150 } },
    },
  ];
}

export function tokenMessage(text: string, tokenCount: number): WeaveProgress {
  return {
    stage: 'EXECUTION_STAGE_LLM_GENERATION',
    progress: 50,
    partialContent: text,
    isTokenStream: true,
    tokenCount,
  };
}

export async function startScriptedServer(
  script: (callIndex: number, request: WeaveRequest__Output) => ScriptedAnswer,
  options: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const server = new Server(options.channelOptions ?? {});
  const counts = { received: 0, abandoned: 0, inFlight: 0, maxInFlight: 0 };
  const die = (): void => server.forceShutdown();

  function take(call: UnaryCall | StreamCall): Performance {
    const answer = script(counts.received++, call.request);
    counts.inFlight += 1;
    counts.maxInFlight = Math.max(counts.maxInFlight, counts.inFlight);
    const performance = new Performance(() => (counts.inFlight -= 1), answer);
    call.on('cancelled', () => {
      if (performance.abandon()) counts.abandoned += 1;
    });
    return performance;
  }

  server.addService(loadLoomService(), {
    Weave: (call: UnaryCall, respond: sendUnaryData<WeaveResponse>) => {
      take(call).playUnary(respond, die);
    },
    StreamWeave: (call: StreamCall) => take(call).playStream(call, die),
    ...companions(options),
  }); // the handlers above are typed by the contract instead
  const port = await new Promise<number>((resolve, reject) => {
    const address = `127.0.0.1:${options.port ?? 0}`;
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    received: () => counts.received,
    abandoned: () => counts.abandoned,
    maxConcurrent: () => counts.maxInFlight,
    die,
  };
}

type UnaryCall = ServerUnaryCall<WeaveRequest__Output, WeaveResponse>;
type StreamCall = ServerWritableStream<WeaveRequest__Output, WeaveProgress>;

/** One call on the stage: plays its script until the end or until the client leaves. */
class Performance {
  readonly #answer: ScriptedAnswer;
  readonly #onOver: () => void;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(onOver: () => void, answer: ScriptedAnswer) {
    this.#onOver = onOver;
    this.#answer = answer;
  }

  /** False when it was over already. */
  abandon(): boolean {
    if (this.#over) return false;
    this.#finish();
    return true;
  }

  playUnary(respond: sendUnaryData<WeaveResponse>, die: () => void): void {
    const answer = this.#answer;
    if (answer.kind === 'hang') return;
    if (answer.kind === 'die') {
      die();
      return;
    }
    this.#after(answer.afterMs ?? 0, () => {
      this.#finish();
      const code = answer.code ?? status.OK;
      if (code === status.OK) respond(null, answer.response ?? { text: 'answer' });
      else respond({ code, details: answer.details ?? '' });
    });
  }

  playStream(call: StreamCall, die: () => void): void {
    const answer = this.#answer;
    const messages = answer.messages ?? [];
    const [firstMs, gapMs] =
      answer.kind === 'end' ? [answer.afterMs ?? 0, answer.gapMs ?? 0] : [0, 0];
    const step = (index: number): void => {
      const message = messages[index];
      if (message === undefined) {
        this.#endStream(call, die);
        return;
      }
      call.write(message);
      this.#after(index + 1 < messages.length ? gapMs : 0, () => step(index + 1));
    };
    this.#after(firstMs, () => step(0));
  }

  #endStream(call: StreamCall, die: () => void): void {
    const answer = this.#answer;
    if (answer.kind === 'hang') return;
    if (answer.kind === 'die') {
      // The messages are to arrive first: they leave with this turn of the loop.
      this.#after(10, die);
      return;
    }
    this.#finish();
    const code = answer.code ?? status.OK;
    if (code === status.OK) call.end();
    else call.emit('error', { code, details: answer.details ?? '' });
  }

  #after(waitMs: number, then: () => void): void {
    if (waitMs > 0) this.#timer = setTimeout(then, waitMs);
    else then();
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#onOver();
  }
}

function companions(options: ScriptedServerOptions): object {
  const agents = options.agents ?? [
    { id: '00000000-0000-4000-8000-000000000001', name: 'default' },
  ];
  const healthCode = options.healthCode ?? status.OK;
  return {
    ListAgents: (_call: unknown, respond: sendUnaryData<object>) => {
      respond(null, { agents, totalCount: agents.length });
    },
    GetHealth: (_call: unknown, respond: sendUnaryData<object>) => {
      if (healthCode === status.OK) respond(null, { status: 'healthy', version: 'scripted' });
      else respond({ code: healthCode, details: 'scripted' });
    },
  };
}
