// Original file: proto/loom/v1/loom.proto

import type { ComponentHealth as _loom_v1_ComponentHealth, ComponentHealth__Output as _loom_v1_ComponentHealth__Output } from '../../loom/v1/ComponentHealth.ts';
import type { Long } from '@grpc/proto-loader';

export interface HealthStatus {
  'status'?: (string);
  'components'?: ({[key: string]: _loom_v1_ComponentHealth});
  'version'?: (string);
  'uptimeSeconds'?: (number | string | Long);
}

export interface HealthStatus__Output {
  'status': (string);
  'components': ({[key: string]: _loom_v1_ComponentHealth__Output});
  'version': (string);
  'uptimeSeconds': (string);
}
