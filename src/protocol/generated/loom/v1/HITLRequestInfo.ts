// Original file: proto/loom/v1/loom.proto


export interface HITLRequestInfo {
  'requestId'?: (string);
  'question'?: (string);
  'requestType'?: (string);
  'priority'?: (string);
  'timeoutSeconds'?: (number);
  'contextJson'?: (string);
  'questionId'?: (string);
  'options'?: (string)[];
}

export interface HITLRequestInfo__Output {
  'requestId': (string);
  'question': (string);
  'requestType': (string);
  'priority': (string);
  'timeoutSeconds': (number);
  'contextJson': (string);
  'questionId': (string);
  'options': (string)[];
}
