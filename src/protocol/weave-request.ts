// Requests as bytes: engines encode each variant of a call once and send the same bytes ever after.

import { loadLoomService } from './loom-service.ts';

export interface WeaveRequestFields {
  readonly query: string;
  /** Empty: the server opens a session. */
  readonly sessionId: string;
  /** Empty: the default agent. */
  readonly agentId: string;
}

/** The protobuf bytes of a WeaveRequest, for Weave and StreamWeave alike, without gRPC's five-byte frame. */
export function encodeWeaveRequest(fields: WeaveRequestFields): Buffer {
  return loadLoomService().Weave.requestSerialize({
    query: fields.query,
    sessionId: fields.sessionId,
    agentId: fields.agentId,
  });
}
