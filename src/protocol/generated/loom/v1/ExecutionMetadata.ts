// Original file: proto/loom/v1/loom.proto


export interface ExecutionMetadata {
  'patternName'?: (string);
  'llmCalls'?: (number);
  'toolExecutions'?: (number);
  'correctionAttempts'?: (number);
  'totalDurationMs'?: (number);
  'guardrailsChecked'?: (string)[];
}

export interface ExecutionMetadata__Output {
  'patternName': (string);
  'llmCalls': (number);
  'toolExecutions': (number);
  'correctionAttempts': (number);
  'totalDurationMs': (number);
  'guardrailsChecked': (string)[];
}
