// Original file: proto/loom/v1/loom.proto


export interface LLMCost {
  'totalTokens'?: (number);
  'inputTokens'?: (number);
  'outputTokens'?: (number);
  'costUsd'?: (number | string);
  'model'?: (string);
  'provider'?: (string);
  'cacheReadInputTokens'?: (number);
  'cacheCreationInputTokens'?: (number);
}

export interface LLMCost__Output {
  'totalTokens': (number);
  'inputTokens': (number);
  'outputTokens': (number);
  'costUsd': (number);
  'model': (string);
  'provider': (string);
  'cacheReadInputTokens': (number);
  'cacheCreationInputTokens': (number);
}
