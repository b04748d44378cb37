// What was asked for, in words: the same phrases in the plan, the summary and every document.

import type { BenchmarkConfig } from '../contract/config.ts';
import { countText, durationText, numberText, plural } from './number-text.ts';
import { openLoopText } from './text-open-loop.ts';

export function targetText({ serverAddr, llm, llmConcurrencyLimit }: BenchmarkConfig): string {
  if (serverAddr !== '') return `${serverAddr} (its LLM settings are its own)`;
  const latency =
    llm.latencyDistribution === 'exponential'
      ? `Exp(mean ${durationText(llm.baseLatencyMs)})`
      : `${durationText(llm.baseLatencyMs)} + U(0, ${durationText(llm.jitterMs)})`;
  const errors =
    llm.errorRate === 0
      ? ''
      : `, ${numberText(llm.errorRate * 100, 1)} % LLM errors (${llm.errorMode})`;
  const limit = llmConcurrencyLimit === 0 ? "the server's default" : countText(llmConcurrencyLimit);
  return `embedded, LLM ${latency}${errors}, limit of LLM calls ${limit}`;
}

export function runLengthText({
  totalRequests,
  durationMs,
  perRunWarmupMs,
}: BenchmarkConfig): string {
  if (totalRequests > 0) {
    const cut = perRunWarmupMs === 0 ? '' : ' (the first 10 % cut)';
    return `of ${plural(totalRequests, 'call')}${cut}`;
  }
  const cut = perRunWarmupMs === 0 ? '' : ` (the first ${durationText(perRunWarmupMs)} cut)`;
  if (durationMs === 0) return 'of the schedule file';
  return `of ${durationText(durationMs)}${cut}`;
}

export function loadText(config: BenchmarkConfig): string {
  const method = config.useStreaming ? 'StreamWeave' : 'Weave';
  const session = config.sessionId === '' ? '' : ', one session';
  const agents = config.numAgents > 1 ? `, ${config.numAgents} agents in turn` : '';
  const load =
    config.arrival.kind === 'closed'
      ? `closed loop of ${plural(config.concurrency, 'worker')}`
      : openLoopText(config.arrival);
  return `${load}, ${method}${session}${agents}`;
}
