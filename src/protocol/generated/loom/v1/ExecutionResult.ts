// Original file: proto/loom/v1/loom.proto

import type { DataReference as _loom_v1_DataReference, DataReference__Output as _loom_v1_DataReference__Output } from '../../loom/v1/DataReference.ts';
import type { Long } from '@grpc/proto-loader';

export interface ExecutionResult {
  'type'?: (string);
  'dataJson'?: (string);
  'rowCount'?: (number);
  'columns'?: (string)[];
  'bytesScanned'?: (number | string | Long);
  'durationMs'?: (number);
  'backendMetadata'?: ({[key: string]: string});
  'dataReference'?: (_loom_v1_DataReference | null);
}

export interface ExecutionResult__Output {
  'type': (string);
  'dataJson': (string);
  'rowCount': (number);
  'columns': (string)[];
  'bytesScanned': (string);
  'durationMs': (number);
  'backendMetadata': ({[key: string]: string});
  'dataReference': (_loom_v1_DataReference__Output | null);
}
