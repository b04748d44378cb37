// Original file: proto/loom/v1/loom.proto

import type { LLMCost as _loom_v1_LLMCost, LLMCost__Output as _loom_v1_LLMCost__Output } from '../../loom/v1/LLMCost.ts';
import type { Long } from '@grpc/proto-loader';

export interface SelfCorrectionAttempt {
  'originalError'?: (string);
  'strategy'?: (string);
  'success'?: (boolean);
  'durationMs'?: (number | string | Long);
  'cost'?: (_loom_v1_LLMCost | null);
}

export interface SelfCorrectionAttempt__Output {
  'originalError': (string);
  'strategy': (string);
  'success': (boolean);
  'durationMs': (string);
  'cost': (_loom_v1_LLMCost__Output | null);
}
