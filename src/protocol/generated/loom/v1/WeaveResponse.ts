// Original file: proto/loom/v1/loom.proto

import type { ExecutionResult as _loom_v1_ExecutionResult, ExecutionResult__Output as _loom_v1_ExecutionResult__Output } from '../../loom/v1/ExecutionResult.ts';
import type { CostInfo as _loom_v1_CostInfo, CostInfo__Output as _loom_v1_CostInfo__Output } from '../../loom/v1/CostInfo.ts';
import type { ExecutionMetadata as _loom_v1_ExecutionMetadata, ExecutionMetadata__Output as _loom_v1_ExecutionMetadata__Output } from '../../loom/v1/ExecutionMetadata.ts';
import type { SelfCorrectionAttempt as _loom_v1_SelfCorrectionAttempt, SelfCorrectionAttempt__Output as _loom_v1_SelfCorrectionAttempt__Output } from '../../loom/v1/SelfCorrectionAttempt.ts';
import type { ContextState as _loom_v1_ContextState, ContextState__Output as _loom_v1_ContextState__Output } from '../../loom/v1/ContextState.ts';

export interface WeaveResponse {
  'text'?: (string);
  'result'?: (_loom_v1_ExecutionResult | null);
  'sessionId'?: (string);
  'traceId'?: (string);
  'cost'?: (_loom_v1_CostInfo | null);
  'metadata'?: (_loom_v1_ExecutionMetadata | null);
  'corrections'?: (_loom_v1_SelfCorrectionAttempt)[];
  'agentId'?: (string);
  'contextState'?: (_loom_v1_ContextState | null);
}

export interface WeaveResponse__Output {
  'text': (string);
  'result': (_loom_v1_ExecutionResult__Output | null);
  'sessionId': (string);
  'traceId': (string);
  'cost': (_loom_v1_CostInfo__Output | null);
  'metadata': (_loom_v1_ExecutionMetadata__Output | null);
  'corrections': (_loom_v1_SelfCorrectionAttempt__Output)[];
  'agentId': (string);
  'contextState': (_loom_v1_ContextState__Output | null);
}
