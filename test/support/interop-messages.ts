// The messages of gRPC's interop tests (grpc.testing), as much of them as the cases here need.

import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
  syntax = "proto3";
  package grpc.testing;
  message Payload { int32 type = 1; bytes body = 2; }
  message EchoStatus { int32 code = 1; string message = 2; }
  message SimpleRequest {
    int32 response_type = 1; int32 response_size = 2; Payload payload = 3; EchoStatus response_status = 7;
  }
  message SimpleResponse { Payload payload = 1; }
  message ResponseParameters { int32 size = 1; int32 interval_us = 2; }
  message StreamingOutputCallRequest {
    int32 response_type = 1; repeated ResponseParameters response_parameters = 2; Payload payload = 3;
  }
  message StreamingOutputCallResponse { Payload payload = 1; }
`);

function encode(type: string, value: object): Buffer {
  const found = root.lookupType(`grpc.testing.${type}`);
  return Buffer.from(found.encode(found.fromObject(value)).finish());
}

export interface UnaryFields {
  readonly responseSize?: number;
  readonly payload?: { readonly body: Buffer };
  readonly responseStatus?: { readonly code: number; readonly message: string };
}

export function unaryRequest(value: UnaryFields): Buffer {
  return encode('SimpleRequest', value);
}

export function streamRequest(
  parameters: readonly { readonly size: number; readonly intervalUs?: number }[],
): Buffer {
  return encode('StreamingOutputCallRequest', { responseParameters: parameters });
}

/** Bytes of the payload of a SimpleResponse or a StreamingOutputCallResponse. */
export function payloadBytes(message: Buffer): number {
  const value = root.lookupType('grpc.testing.SimpleResponse').decode(message);
  const { payload } = value.toJSON() as { payload?: { body?: string } };
  return Buffer.from(payload?.body ?? '', 'base64').length;
}
