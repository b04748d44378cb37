// Original file: proto/loom/v1/loom.proto


export interface ListAgentsRequest {
  'statusFilter'?: (string);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListAgentsRequest__Output {
  'statusFilter': (string);
  'pageSize': (number);
  'pageToken': (string);
}
