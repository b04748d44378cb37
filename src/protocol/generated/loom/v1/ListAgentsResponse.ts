// Original file: proto/loom/v1/loom.proto

import type { AgentInfo as _loom_v1_AgentInfo, AgentInfo__Output as _loom_v1_AgentInfo__Output } from '../../loom/v1/AgentInfo.ts';

export interface ListAgentsResponse {
  'agents'?: (_loom_v1_AgentInfo)[];
  'nextPageToken'?: (string);
  'totalCount'?: (number);
}

export interface ListAgentsResponse__Output {
  'agents': (_loom_v1_AgentInfo__Output)[];
  'nextPageToken': (string);
  'totalCount': (number);
}
