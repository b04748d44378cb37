import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValue as _google_protobuf_ListValue, ListValue__Output as _google_protobuf_ListValue__Output } from './google/protobuf/ListValue.ts';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from './google/protobuf/Struct.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from './google/protobuf/Value.ts';
import type { AgentInfo as _loom_v1_AgentInfo, AgentInfo__Output as _loom_v1_AgentInfo__Output } from './loom/v1/AgentInfo.ts';
import type { ComponentHealth as _loom_v1_ComponentHealth, ComponentHealth__Output as _loom_v1_ComponentHealth__Output } from './loom/v1/ComponentHealth.ts';
import type { ContextState as _loom_v1_ContextState, ContextState__Output as _loom_v1_ContextState__Output } from './loom/v1/ContextState.ts';
import type { CostInfo as _loom_v1_CostInfo, CostInfo__Output as _loom_v1_CostInfo__Output } from './loom/v1/CostInfo.ts';
import type { DataReference as _loom_v1_DataReference, DataReference__Output as _loom_v1_DataReference__Output } from './loom/v1/DataReference.ts';
import type { ExecutionMetadata as _loom_v1_ExecutionMetadata, ExecutionMetadata__Output as _loom_v1_ExecutionMetadata__Output } from './loom/v1/ExecutionMetadata.ts';
import type { ExecutionResult as _loom_v1_ExecutionResult, ExecutionResult__Output as _loom_v1_ExecutionResult__Output } from './loom/v1/ExecutionResult.ts';
import type { GetHealthRequest as _loom_v1_GetHealthRequest, GetHealthRequest__Output as _loom_v1_GetHealthRequest__Output } from './loom/v1/GetHealthRequest.ts';
import type { HITLRequestInfo as _loom_v1_HITLRequestInfo, HITLRequestInfo__Output as _loom_v1_HITLRequestInfo__Output } from './loom/v1/HITLRequestInfo.ts';
import type { HealthStatus as _loom_v1_HealthStatus, HealthStatus__Output as _loom_v1_HealthStatus__Output } from './loom/v1/HealthStatus.ts';
import type { LLMCost as _loom_v1_LLMCost, LLMCost__Output as _loom_v1_LLMCost__Output } from './loom/v1/LLMCost.ts';
import type { ListAgentsRequest as _loom_v1_ListAgentsRequest, ListAgentsRequest__Output as _loom_v1_ListAgentsRequest__Output } from './loom/v1/ListAgentsRequest.ts';
import type { ListAgentsResponse as _loom_v1_ListAgentsResponse, ListAgentsResponse__Output as _loom_v1_ListAgentsResponse__Output } from './loom/v1/ListAgentsResponse.ts';
import type { LoomServiceClient as _loom_v1_LoomServiceClient, LoomServiceDefinition as _loom_v1_LoomServiceDefinition } from './loom/v1/LoomService.ts';
import type { SelfCorrectionAttempt as _loom_v1_SelfCorrectionAttempt, SelfCorrectionAttempt__Output as _loom_v1_SelfCorrectionAttempt__Output } from './loom/v1/SelfCorrectionAttempt.ts';
import type { WeaveProgress as _loom_v1_WeaveProgress, WeaveProgress__Output as _loom_v1_WeaveProgress__Output } from './loom/v1/WeaveProgress.ts';
import type { WeaveRequest as _loom_v1_WeaveRequest, WeaveRequest__Output as _loom_v1_WeaveRequest__Output } from './loom/v1/WeaveRequest.ts';
import type { WeaveResponse as _loom_v1_WeaveResponse, WeaveResponse__Output as _loom_v1_WeaveResponse__Output } from './loom/v1/WeaveResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      ListValue: MessageTypeDefinition<_google_protobuf_ListValue, _google_protobuf_ListValue__Output>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_Struct, _google_protobuf_Struct__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
      Value: MessageTypeDefinition<_google_protobuf_Value, _google_protobuf_Value__Output>
    }
  }
  loom: {
    v1: {
      AgentInfo: MessageTypeDefinition<_loom_v1_AgentInfo, _loom_v1_AgentInfo__Output>
      ComponentHealth: MessageTypeDefinition<_loom_v1_ComponentHealth, _loom_v1_ComponentHealth__Output>
      ContextState: MessageTypeDefinition<_loom_v1_ContextState, _loom_v1_ContextState__Output>
      CostInfo: MessageTypeDefinition<_loom_v1_CostInfo, _loom_v1_CostInfo__Output>
      DataReference: MessageTypeDefinition<_loom_v1_DataReference, _loom_v1_DataReference__Output>
      ExecutionMetadata: MessageTypeDefinition<_loom_v1_ExecutionMetadata, _loom_v1_ExecutionMetadata__Output>
      ExecutionResult: MessageTypeDefinition<_loom_v1_ExecutionResult, _loom_v1_ExecutionResult__Output>
      ExecutionStage: EnumTypeDefinition
      GetHealthRequest: MessageTypeDefinition<_loom_v1_GetHealthRequest, _loom_v1_GetHealthRequest__Output>
      HITLRequestInfo: MessageTypeDefinition<_loom_v1_HITLRequestInfo, _loom_v1_HITLRequestInfo__Output>
      HealthStatus: MessageTypeDefinition<_loom_v1_HealthStatus, _loom_v1_HealthStatus__Output>
      LLMCost: MessageTypeDefinition<_loom_v1_LLMCost, _loom_v1_LLMCost__Output>
      ListAgentsRequest: MessageTypeDefinition<_loom_v1_ListAgentsRequest, _loom_v1_ListAgentsRequest__Output>
      ListAgentsResponse: MessageTypeDefinition<_loom_v1_ListAgentsResponse, _loom_v1_ListAgentsResponse__Output>
      LoomService: SubtypeConstructor<typeof grpc.Client, _loom_v1_LoomServiceClient> & { service: _loom_v1_LoomServiceDefinition }
      SelfCorrectionAttempt: MessageTypeDefinition<_loom_v1_SelfCorrectionAttempt, _loom_v1_SelfCorrectionAttempt__Output>
      StorageLocation: EnumTypeDefinition
      WeaveProgress: MessageTypeDefinition<_loom_v1_WeaveProgress, _loom_v1_WeaveProgress__Output>
      WeaveRequest: MessageTypeDefinition<_loom_v1_WeaveRequest, _loom_v1_WeaveRequest__Output>
      WeaveResponse: MessageTypeDefinition<_loom_v1_WeaveResponse, _loom_v1_WeaveResponse__Output>
    }
  }
}

