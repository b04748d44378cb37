// Original file: proto/loom/v1/loom.proto

import type { Long } from '@grpc/proto-loader';

export interface ComponentHealth {
  'status'?: (string);
  'lastCheck'?: (number | string | Long);
  'error'?: (string);
  'latencyMs'?: (number | string | Long);
}

export interface ComponentHealth__Output {
  'status': (string);
  'lastCheck': (string);
  'error': (string);
  'latencyMs': (string);
}
