// The settings of the bench server's control plane under Loom's names, checked and translated. What a server was asked
// for and what is in force are different things: the answer always states the latter.

import type { ProviderConfig } from '../contract/config.ts';
import { MAX_AGENTS } from './agents.ts';
import type { TargetChange, TargetState } from './loom-server.ts';
import { DEFAULT_CHUNK_DELAY_MS } from './mock-llm.ts';

/** Body of POST /reconfigure; what is left out stays as it is. */
export interface ControlSettings {
  readonly llm_latency_ms?: number;
  readonly llm_jitter_ms?: number;
  /** 0 to 1. */
  readonly llm_error_rate?: number;
  /** 1 to 1000. */
  readonly num_agents?: number;
  /** 0: the default of 5. */
  readonly llm_concurrency_limit?: number;
  readonly stream_chunk_size?: number;
  /** 0 or less: the default of 5 ms. */
  readonly stream_chunk_delay_ms?: number;
}

export type EffectiveSettings = Required<ControlSettings>;

interface SettingRule {
  readonly accepts: (value: number) => boolean;
  readonly wanted: string;
}

const MAX_MS = 3_600_000;
const MAX_COUNT = 1_000_000_000;

const RULES: Readonly<Record<keyof ControlSettings, SettingRule>> = {
  llm_latency_ms: { accepts: (v) => v >= 0 && v <= MAX_MS, wanted: `a number from 0 to ${MAX_MS}` },
  llm_jitter_ms: { accepts: (v) => v >= 0 && v <= MAX_MS, wanted: `a number from 0 to ${MAX_MS}` },
  llm_error_rate: { accepts: (v) => v >= 0 && v <= 1, wanted: 'a number from 0 to 1' },
  num_agents: {
    accepts: (v) => Number.isInteger(v) && v >= 1 && v <= MAX_AGENTS,
    wanted: `a whole number from 1 to ${MAX_AGENTS}`,
  },
  llm_concurrency_limit: {
    accepts: (v) => Number.isInteger(v) && v >= 0 && v <= MAX_COUNT,
    wanted: `a whole number from 0 (the default limit) to ${MAX_COUNT}`,
  },
  stream_chunk_size: {
    accepts: (v) => Number.isInteger(v) && v >= 1 && v <= MAX_COUNT,
    wanted: `a whole number from 1 to ${MAX_COUNT}`,
  },
  stream_chunk_delay_ms: { accepts: (v) => v <= MAX_MS, wanted: `a number up to ${MAX_MS}` },
};

export type ParsedSettings =
  | { readonly kind: 'ok'; readonly settings: ControlSettings }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Names every problem, not only the first. */
export function parseControlSettings(body: unknown): ParsedSettings {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { kind: 'invalid', problems: ['the body must be a JSON object'] };
  const entries = Object.entries(body);
  const problems = entries.flatMap(([key, value]) => problemOf(key, value));
  if (problems.length > 0) return { kind: 'invalid', problems };
  // Every key and every value was just checked.
  return { kind: 'ok', settings: Object.fromEntries(entries) };
}

function problemOf(key: string, value: unknown): string[] {
  if (!isSettingName(key))
    return [`unknown setting ${key} (known: ${Object.keys(RULES).join(', ')})`];
  const rule = RULES[key];
  if (typeof value === 'number' && Number.isFinite(value) && rule.accepts(value)) return [];
  return [`${key} must be ${rule.wanted}, not ${JSON.stringify(value)}`];
}

function isSettingName(key: string): key is keyof ControlSettings {
  return Object.hasOwn(RULES, key);
}

export function toTargetChange(settings: ControlSettings): TargetChange {
  const { num_agents: numAgents, llm_concurrency_limit: llmConcurrencyLimit } = settings;
  return {
    llm: definedOnly({
      baseLatencyMs: settings.llm_latency_ms,
      jitterMs: settings.llm_jitter_ms,
      errorRate: settings.llm_error_rate,
      streamChunkSize: settings.stream_chunk_size,
      streamChunkDelayMs: settings.stream_chunk_delay_ms,
    }),
    ...(numAgents === undefined ? {} : { numAgents }),
    ...(llmConcurrencyLimit === undefined ? {} : { llmConcurrencyLimit }),
  };
}

export function effectiveSettings(state: TargetState): EffectiveSettings {
  const { llm } = state;
  return {
    llm_latency_ms: llm.baseLatencyMs,
    llm_jitter_ms: llm.jitterMs,
    llm_error_rate: llm.errorRate,
    num_agents: state.numAgents,
    llm_concurrency_limit: state.llmConcurrencyLimit,
    stream_chunk_size: llm.streamChunkSize,
    stream_chunk_delay_ms:
      llm.streamChunkDelayMs > 0 ? llm.streamChunkDelayMs : DEFAULT_CHUNK_DELAY_MS,
  };
}

function definedOnly(fields: {
  [Key in keyof ProviderConfig]?: ProviderConfig[Key] | undefined;
}): Partial<ProviderConfig> {
  // Dropping the undefined ones is what makes the type true.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
