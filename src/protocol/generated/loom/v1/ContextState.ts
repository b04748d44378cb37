// Original file: proto/loom/v1/loom.proto

import type { Long } from '@grpc/proto-loader';

export interface ContextState {
  'activePattern'?: (string);
  'contextTokensUsed'?: (number | string | Long);
  'contextTokensMax'?: (number | string | Long);
  'rom'?: (string);
  'toolsLoaded'?: (string)[];
}

export interface ContextState__Output {
  'activePattern': (string);
  'contextTokensUsed': (string);
  'contextTokensMax': (string);
  'rom': (string);
  'toolsLoaded': (string)[];
}
