// Original file: proto/loom/v1/loom.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface WeaveRequest {
  'query'?: (string);
  'sessionId'?: (string);
  'backendConfig'?: ({[key: string]: string});
  'maxRounds'?: (number);
  'timeoutSeconds'?: (number);
  'context'?: ({[key: string]: string});
  'forcePattern'?: (string);
  'enableTrace'?: (boolean);
  'agentId'?: (string);
  'resetContext'?: (boolean);
  'occurredAt'?: (_google_protobuf_Timestamp | null);
}

export interface WeaveRequest__Output {
  'query': (string);
  'sessionId': (string);
  'backendConfig': ({[key: string]: string});
  'maxRounds': (number);
  'timeoutSeconds': (number);
  'context': ({[key: string]: string});
  'forcePattern': (string);
  'enableTrace': (boolean);
  'agentId': (string);
  'resetContext': (boolean);
  'occurredAt': (_google_protobuf_Timestamp__Output | null);
}
