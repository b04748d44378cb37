// Original file: proto/loom/v1/loom.proto

import type { LLMCost as _loom_v1_LLMCost, LLMCost__Output as _loom_v1_LLMCost__Output } from '../../loom/v1/LLMCost.ts';

export interface CostInfo {
  'totalCostUsd'?: (number | string);
  'llmCost'?: (_loom_v1_LLMCost | null);
  'backendCostUsd'?: (number | string);
}

export interface CostInfo__Output {
  'totalCostUsd': (number);
  'llmCost': (_loom_v1_LLMCost__Output | null);
  'backendCostUsd': (number);
}
