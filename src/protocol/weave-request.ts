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
  // protobufjs writes what is set, even to the default; proto3 leaves defaults out.
  return loadLoomService().Weave.requestSerialize({
    ...(fields.query === '' ? {} : { query: fields.query }),
    ...(fields.sessionId === '' ? {} : { sessionId: fields.sessionId }),
    ...(fields.agentId === '' ? {} : { agentId: fields.agentId }),
  });
}
