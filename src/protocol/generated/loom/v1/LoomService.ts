// Original file: proto/loom/v1/loom.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetHealthRequest as _loom_v1_GetHealthRequest, GetHealthRequest__Output as _loom_v1_GetHealthRequest__Output } from '../../loom/v1/GetHealthRequest.ts';
import type { HealthStatus as _loom_v1_HealthStatus, HealthStatus__Output as _loom_v1_HealthStatus__Output } from '../../loom/v1/HealthStatus.ts';
import type { ListAgentsRequest as _loom_v1_ListAgentsRequest, ListAgentsRequest__Output as _loom_v1_ListAgentsRequest__Output } from '../../loom/v1/ListAgentsRequest.ts';
import type { ListAgentsResponse as _loom_v1_ListAgentsResponse, ListAgentsResponse__Output as _loom_v1_ListAgentsResponse__Output } from '../../loom/v1/ListAgentsResponse.ts';
import type { WeaveProgress as _loom_v1_WeaveProgress, WeaveProgress__Output as _loom_v1_WeaveProgress__Output } from '../../loom/v1/WeaveProgress.ts';
import type { WeaveRequest as _loom_v1_WeaveRequest, WeaveRequest__Output as _loom_v1_WeaveRequest__Output } from '../../loom/v1/WeaveRequest.ts';
import type { WeaveResponse as _loom_v1_WeaveResponse, WeaveResponse__Output as _loom_v1_WeaveResponse__Output } from '../../loom/v1/WeaveResponse.ts';

export interface LoomServiceClient extends grpc.Client {
  GetHealth(argument: _loom_v1_GetHealthRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  GetHealth(argument: _loom_v1_GetHealthRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  GetHealth(argument: _loom_v1_GetHealthRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  GetHealth(argument: _loom_v1_GetHealthRequest, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  getHealth(argument: _loom_v1_GetHealthRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  getHealth(argument: _loom_v1_GetHealthRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  getHealth(argument: _loom_v1_GetHealthRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  getHealth(argument: _loom_v1_GetHealthRequest, callback: grpc.requestCallback<_loom_v1_HealthStatus__Output>): grpc.ClientUnaryCall;
  
  ListAgents(argument: _loom_v1_ListAgentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _loom_v1_ListAgentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _loom_v1_ListAgentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _loom_v1_ListAgentsRequest, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _loom_v1_ListAgentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _loom_v1_ListAgentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _loom_v1_ListAgentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _loom_v1_ListAgentsRequest, callback: grpc.requestCallback<_loom_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  
  StreamWeave(argument: _loom_v1_WeaveRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_loom_v1_WeaveProgress__Output>;
  StreamWeave(argument: _loom_v1_WeaveRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_loom_v1_WeaveProgress__Output>;
  streamWeave(argument: _loom_v1_WeaveRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_loom_v1_WeaveProgress__Output>;
  streamWeave(argument: _loom_v1_WeaveRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_loom_v1_WeaveProgress__Output>;
  
  Weave(argument: _loom_v1_WeaveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  Weave(argument: _loom_v1_WeaveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  Weave(argument: _loom_v1_WeaveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  Weave(argument: _loom_v1_WeaveRequest, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  weave(argument: _loom_v1_WeaveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  weave(argument: _loom_v1_WeaveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  weave(argument: _loom_v1_WeaveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  weave(argument: _loom_v1_WeaveRequest, callback: grpc.requestCallback<_loom_v1_WeaveResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface LoomServiceHandlers extends grpc.UntypedServiceImplementation {
  GetHealth: grpc.handleUnaryCall<_loom_v1_GetHealthRequest__Output, _loom_v1_HealthStatus>;
  
  ListAgents: grpc.handleUnaryCall<_loom_v1_ListAgentsRequest__Output, _loom_v1_ListAgentsResponse>;
  
  StreamWeave: grpc.handleServerStreamingCall<_loom_v1_WeaveRequest__Output, _loom_v1_WeaveProgress>;
  
  Weave: grpc.handleUnaryCall<_loom_v1_WeaveRequest__Output, _loom_v1_WeaveResponse>;
  
}

export interface LoomServiceDefinition extends grpc.ServiceDefinition {
  GetHealth: MethodDefinition<_loom_v1_GetHealthRequest, _loom_v1_HealthStatus, _loom_v1_GetHealthRequest__Output, _loom_v1_HealthStatus__Output>
  ListAgents: MethodDefinition<_loom_v1_ListAgentsRequest, _loom_v1_ListAgentsResponse, _loom_v1_ListAgentsRequest__Output, _loom_v1_ListAgentsResponse__Output>
  StreamWeave: MethodDefinition<_loom_v1_WeaveRequest, _loom_v1_WeaveProgress, _loom_v1_WeaveRequest__Output, _loom_v1_WeaveProgress__Output>
  Weave: MethodDefinition<_loom_v1_WeaveRequest, _loom_v1_WeaveResponse, _loom_v1_WeaveRequest__Output, _loom_v1_WeaveResponse__Output>
}
