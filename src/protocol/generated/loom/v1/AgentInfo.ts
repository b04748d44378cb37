// Original file: proto/loom/v1/loom.proto

import type { Long } from '@grpc/proto-loader';

export interface AgentInfo {
  'id'?: (string);
  'name'?: (string);
  'status'?: (string);
  'uptimeSeconds'?: (number | string | Long);
  'activeSessions'?: (number);
  'totalMessages'?: (number | string | Long);
  'metadata'?: ({[key: string]: string});
  'createdAt'?: (number | string | Long);
}

export interface AgentInfo__Output {
  'id': (string);
  'name': (string);
  'status': (string);
  'uptimeSeconds': (string);
  'activeSessions': (number);
  'totalMessages': (string);
  'metadata': ({[key: string]: string});
  'createdAt': (string);
}
