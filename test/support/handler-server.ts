// A real grpc-js server on loopback whose every answer is a test's own handler: for what an engine must make of odd servers.

import type { status } from '@grpc/grpc-js';
import {
  Server,
  ServerCredentials,
  type ServerOptions,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadLoomService } from '../../src/protocol/loom-service.ts';
import type { WeaveProgress } from '../../src/protocol/generated/loom/v1/WeaveProgress.ts';
import type { WeaveRequest__Output } from '../../src/protocol/generated/loom/v1/WeaveRequest.ts';
import type { WeaveResponse } from '../../src/protocol/generated/loom/v1/WeaveResponse.ts';

export type WeaveHandler = (
  call: ServerUnaryCall<WeaveRequest__Output, WeaveResponse>,
  answer: sendUnaryData<WeaveResponse>,
) => void;
export type StreamHandler = (
  call: ServerWritableStream<WeaveRequest__Output, WeaveProgress>,
) => void;

export interface Handlers {
  readonly weave?: WeaveHandler;
  readonly streamWeave?: StreamHandler;
  /** Pages of agent ids; absent: UNIMPLEMENTED. */
  readonly agentPages?: readonly (readonly string[])[];
  /** Absent: UNIMPLEMENTED. */
  readonly version?: string;
  /** How the server treats its connections, whatever it answers. */
  readonly channel?: ServerOptions;
}

export interface HandlerServer {
  readonly address: string;
  readonly port: number;
  /** Drops every connection at once, as a crash does. */
  kill(): void;
}

export async function startHandlerServer(
  handlers: Handlers,
  bind = '127.0.0.1:0',
  credentials = ServerCredentials.createInsecure(),
): Promise<HandlerServer> {
  const server = new Server(handlers.channel);
  server.addService(loadLoomService(), implementation(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(bind, credentials, (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    address: bind.startsWith('unix:') ? bind : `${bind.replace(/:\d+$/, '')}:${port}`,
    port,
    kill: () => server.forceShutdown(),
  };
}

function implementation(handlers: Handlers): UntypedServiceImplementation {
  const { weave, streamWeave, agentPages, version } = handlers;
  const made: UntypedServiceImplementation = {};
  if (weave) made['Weave'] = weave;
  if (streamWeave) made['StreamWeave'] = streamWeave;
  if (version !== undefined) {
    made['GetHealth'] = (_call: unknown, answer: sendUnaryData<unknown>) => {
      answer(null, { status: 'ok', version });
    };
  }
  if (agentPages) {
    made['ListAgents'] = (
      call: ServerUnaryCall<{ pageToken: string }, unknown>,
      answer: sendUnaryData<unknown>,
    ) => {
      const page = Number(call.request.pageToken);
      const agents = (agentPages[page] ?? []).map((id) => ({ id, name: `agent ${id}` }));
      const last = page + 1 >= agentPages.length;
      answer(null, { agents, nextPageToken: last ? '' : String(page + 1) });
    };
  }
  return made;
}

export function fails(code: status, details: string): { code: status; details: string } {
  return { code, details };
}
