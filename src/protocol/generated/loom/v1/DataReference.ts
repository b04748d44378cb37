// Original file: proto/loom/v1/loom.proto

import type { StorageLocation as _loom_v1_StorageLocation, StorageLocation__Output as _loom_v1_StorageLocation__Output } from '../../loom/v1/StorageLocation.ts';
import type { Long } from '@grpc/proto-loader';

export interface DataReference {
  'id'?: (string);
  'sizeBytes'?: (number | string | Long);
  'location'?: (_loom_v1_StorageLocation);
  'checksum'?: (string);
  'compressed'?: (boolean);
  'contentType'?: (string);
  'metadata'?: ({[key: string]: string});
  'storedAt'?: (number | string | Long);
}

export interface DataReference__Output {
  'id': (string);
  'sizeBytes': (string);
  'location': (_loom_v1_StorageLocation__Output);
  'checksum': (string);
  'compressed': (boolean);
  'contentType': (string);
  'metadata': ({[key: string]: string});
  'storedAt': (string);
}
