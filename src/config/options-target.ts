// The embedded target and its mock LLM. None of this reaches a server given by address.

import { SERVER_SETTINGS } from '../contract/config.ts';
import { choice, duration, integer, optionalText, real, text } from './option.ts';

export const TARGET_OPTIONS = {
  serverSettings: choice({
    values: SERVER_SETTINGS,
    default: 'unknown',
    help: 'whether a server given by address runs with the settings below: unknown holds nothing against it, checked holds its runs against them, trusted expects its errors only',
  }),
  llmConcurrencyLimit: integer({
    default: 0,
    min: 0,
    max: 1_000_000,
    help: "LLM calls the target makes at once; 0 is the server's default of 5",
  }),
  llmBaseLatency: duration({ default: 200, help: 'least time of an LLM call' }),
  llmJitter: duration({ default: 300, help: 'added to the base, uniform from 0 up to this' }),
  llmLatencyDistribution: choice({
    values: ['uniform', 'exponential'],
    default: 'uniform',
    help: 'uniform: base + U(0, jitter); exponential: mean base, jitter unused',
  }),
  llmErrorRate: real({
    default: 0,
    min: 0,
    max: 1,
    help: 'probability that an LLM call fails after its latency',
  }),
  llmErrorMode: choice({
    values: ['degraded', 'status'],
    default: 'degraded',
    help: 'degraded answers OK with an apology, as Loom does; status ends the call with INTERNAL',
  }),
  llmErrorMessage: text({
    default: 'the mock LLM was told to fail this call',
    help: 'text of an injected error',
  }),
  llmResponse: optionalText({ help: 'fixed answer; without it the last message is echoed' }),
  streamChunkSize: integer({
    default: 10,
    min: 1,
    max: 1_000_000,
    help: 'characters per streamed chunk',
  }),
  streamChunkDelay: duration({ default: 5, help: 'time between streamed chunks' }),
  llmInputTokens: integer({
    default: 50,
    min: 0,
    max: 1_000_000,
    help: 'input tokens counted per message',
  }),
  llmOutputTokens: integer({
    default: 100,
    min: 0,
    max: 1_000_000,
    help: 'output tokens counted per answer',
  }),
  llmCostUsd: real({ default: 0.001, min: 0, max: 1_000_000, help: 'cost stated per LLM call' }),
} as const;
