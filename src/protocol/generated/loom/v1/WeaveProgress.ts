// Original file: proto/loom/v1/loom.proto

import type { ExecutionStage as _loom_v1_ExecutionStage, ExecutionStage__Output as _loom_v1_ExecutionStage__Output } from '../../loom/v1/ExecutionStage.ts';
import type { ExecutionResult as _loom_v1_ExecutionResult, ExecutionResult__Output as _loom_v1_ExecutionResult__Output } from '../../loom/v1/ExecutionResult.ts';
import type { HITLRequestInfo as _loom_v1_HITLRequestInfo, HITLRequestInfo__Output as _loom_v1_HITLRequestInfo__Output } from '../../loom/v1/HITLRequestInfo.ts';
import type { CostInfo as _loom_v1_CostInfo, CostInfo__Output as _loom_v1_CostInfo__Output } from '../../loom/v1/CostInfo.ts';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from '../../google/protobuf/Value.ts';
import type { ContextState as _loom_v1_ContextState, ContextState__Output as _loom_v1_ContextState__Output } from '../../loom/v1/ContextState.ts';
import type { Long } from '@grpc/proto-loader';

export interface WeaveProgress {
  'stage'?: (_loom_v1_ExecutionStage);
  'progress'?: (number);
  'message'?: (string);
  'toolName'?: (string);
  'timestamp'?: (number | string | Long);
  'partialResult'?: (_loom_v1_ExecutionResult | null);
  'hitlRequest'?: (_loom_v1_HITLRequestInfo | null);
  'partialContent'?: (string);
  'isTokenStream'?: (boolean);
  'tokenCount'?: (number);
  'ttftMs'?: (number | string | Long);
  'cost'?: (_loom_v1_CostInfo | null);
  'isToolStarted'?: (boolean);
  'isToolCompleted'?: (boolean);
  'toolInput'?: (_google_protobuf_Struct | null);
  'toolResult'?: (_google_protobuf_Value | null);
  'toolError'?: (string);
  'toolSuccess'?: (boolean);
  'toolDurationMs'?: (number | string | Long);
  'toolCallId'?: (string);
  'contextState'?: (_loom_v1_ContextState | null);
}

export interface WeaveProgress__Output {
  'stage': (_loom_v1_ExecutionStage__Output);
  'progress': (number);
  'message': (string);
  'toolName': (string);
  'timestamp': (string);
  'partialResult': (_loom_v1_ExecutionResult__Output | null);
  'hitlRequest': (_loom_v1_HITLRequestInfo__Output | null);
  'partialContent': (string);
  'isTokenStream': (boolean);
  'tokenCount': (number);
  'ttftMs': (string);
  'cost': (_loom_v1_CostInfo__Output | null);
  'isToolStarted': (boolean);
  'isToolCompleted': (boolean);
  'toolInput': (_google_protobuf_Struct__Output | null);
  'toolResult': (_google_protobuf_Value__Output | null);
  'toolError': (string);
  'toolSuccess': (boolean);
  'toolDurationMs': (string);
  'toolCallId': (string);
  'contextState': (_loom_v1_ContextState__Output | null);
}
