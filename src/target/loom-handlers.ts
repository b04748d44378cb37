// The four RPCs as grpc-js wants them. The definition differs from Loom's in how bytes are made, never in the bytes:
// Weave and StreamWeave answers come encoded (answer-encoder.ts), and a request equal to the one before is not decoded
// again, since a load mostly asks one question.

import {
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadLoomService } from '../protocol/loom-service.ts';
import type { AgentInfo } from '../protocol/generated/loom/v1/AgentInfo.ts';
import type { GetHealthRequest__Output } from '../protocol/generated/loom/v1/GetHealthRequest.ts';
import type { HealthStatus } from '../protocol/generated/loom/v1/HealthStatus.ts';
import type { ListAgentsRequest__Output } from '../protocol/generated/loom/v1/ListAgentsRequest.ts';
import type { ListAgentsResponse } from '../protocol/generated/loom/v1/ListAgentsResponse.ts';
import type { WeaveRequest__Output } from '../protocol/generated/loom/v1/WeaveRequest.ts';
import { packageVersion } from '../runtime/package-version.ts';
import { StreamWeave } from './stream-weave.ts';
import { UnaryWeave } from './unary-weave.ts';
import type { CallContext, WeaveCall } from './weave-call.ts';

const MS_PER_S = 1000;
const AGENT_STATUS = 'running';
/** A client that gave up this close to its deadline did so because of it: its clock ran out a network trip before ours. */
const DEADLINE_TOLERANCE_MS = 10;

export interface LoomHandlers {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

type UnaryCall = ServerUnaryCall<WeaveRequest__Output, Buffer>;
type StreamCall = ServerWritableStream<WeaveRequest__Output, Buffer>;

export function createLoomHandlers(context: CallContext): LoomHandlers {
  const startedAtMs = Date.now();
  const implementation = {
    Weave: (call: UnaryCall, respond: sendUnaryData<Buffer>): void => {
      const weave = new UnaryWeave(context, call, respond);
      call.on('cancelled', () => weave.abandon(abandonedStatus(call)));
      weave.begin();
    },
    StreamWeave: (call: StreamCall): void => {
      const weave: WeaveCall = new StreamWeave(context, call);
      call.on('cancelled', () => weave.abandon(abandonedStatus(call)));
      weave.begin();
    },
    ListAgents: (
      call: ServerUnaryCall<ListAgentsRequest__Output, ListAgentsResponse>,
      respond: sendUnaryData<ListAgentsResponse>,
    ): void => listAgents(context, call.request, respond),
    GetHealth: (
      _call: ServerUnaryCall<GetHealthRequest__Output, HealthStatus>,
      respond: sendUnaryData<HealthStatus>,
    ): void => {
      const uptimeSeconds = Math.floor((Date.now() - startedAtMs) / MS_PER_S);
      respond(null, { status: 'healthy', version: targetVersion(), uptimeSeconds });
    },
  };
  return { definition: encodedDefinition(), implementation };
}

function encodedDefinition(): ServiceDefinition {
  const service = loadLoomService();
  const asIs = (bytes: Buffer): Buffer => bytes;
  const decode = cachedDecoder(service.Weave.requestDeserialize);
  return {
    ...service,
    Weave: { ...service.Weave, requestDeserialize: decode, responseSerialize: asIs },
    StreamWeave: { ...service.StreamWeave, requestDeserialize: decode, responseSerialize: asIs },
  };
}

/** Calls share the decoded object and only read it. */
function cachedDecoder<Request>(decode: (bytes: Buffer) => Request): (bytes: Buffer) => Request {
  let last: { readonly bytes: Buffer; readonly request: Request } | null = null;
  return (bytes) => {
    if (last?.bytes.equals(bytes) === true) return last.request;
    const request = decode(bytes);
    last = { bytes: Buffer.from(bytes), request };
    return request;
  };
}

function abandonedStatus(call: UnaryCall | StreamCall): status {
  const deadline = call.getDeadline();
  const deadlineMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return Date.now() >= deadlineMs - DEADLINE_TOLERANCE_MS
    ? status.DEADLINE_EXCEEDED
    : status.CANCELLED;
}

function listAgents(
  context: CallContext,
  request: ListAgentsRequest__Output,
  respond: sendUnaryData<ListAgentsResponse>,
): void {
  if (request.statusFilter !== '' && request.statusFilter !== AGENT_STATUS) {
    respond(null, { agents: [], nextPageToken: '', totalCount: 0 });
    return;
  }
  const page = context.agents.page(request.pageSize, request.pageToken);
  if (page === null) {
    respond({ code: status.INVALID_ARGUMENT, details: `unknown page_token: ${request.pageToken}` });
    return;
  }
  const agents = page.agents.map(({ id, name }): AgentInfo => ({ id, name, status: AGENT_STATUS }));
  respond(null, { agents, nextPageToken: page.nextPageToken, totalCount: page.totalCount });
}

let version: string | null = null;

/** `loombench/<version of this package>`. */
export function targetVersion(): string {
  version ??= `loombench/${packageVersion()}`;
  return version;
}
