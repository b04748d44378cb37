// How a call ended, decided here and nowhere else. What the messages said is folded into a few bits as they arrive,
// so that the decision at the end needs no memory of them.

import type { Outcome } from '../../contract/outcome.ts';
import type { MessageFacts } from '../engines/engine.ts';

/** Bits of a call's signs. */
const SIGN_COMPLETED = 1;
const SIGN_FAILED = 2;
const SIGN_APOLOGY = 4;
const SIGN_TOKEN_MESSAGE = 8;
const SIGN_TOKEN_USAGE = 16;
const SIGN_MESSAGE = 32;

export const NO_SIGNS = 0;

/**
 * Classes of finished calls, as small integers for typed arrays. `silent` calls ended well but bore no sign of LLM output:
 * a server that never reports usage and an LLM that failed look alike, so the whole run decides (see resolveClass).
 */
export const CALL_CLASS = { ok: 0, silent: 1, degraded: 2, error: 3, incomplete: 4 } as const;
export type CallClass = (typeof CALL_CLASS)[keyof typeof CALL_CLASS];

/** Classes that a server's answer can have; `incomplete` calls have none. */
export const ANSWER_CLASSES = 4;

/** The signs of a call after one more message. */
export function addSigns(signs: number, facts: MessageFacts): number {
  return (
    signs |
    SIGN_MESSAGE |
    (facts.completed ? SIGN_COMPLETED : 0) |
    (facts.failed ? SIGN_FAILED : 0) |
    (facts.apology ? SIGN_APOLOGY : 0) |
    (facts.isToken ? SIGN_TOKEN_MESSAGE : 0) |
    (facts.llmTokens > 0 ? SIGN_TOKEN_USAGE : 0)
  );
}

/** Whether a message carries output of the LLM, as opposed to news of progress. */
export function isTokenContent(facts: MessageFacts): boolean {
  return facts.isToken && (facts.contentBytes > 0 || facts.tokenCount > 0);
}

/** True when a call, however it ended, proved that this server shows LLM output. */
export function showsLlmOutput(signs: number): boolean {
  return (signs & (SIGN_TOKEN_MESSAGE | SIGN_TOKEN_USAGE)) !== 0;
}

/** The class of a call that ended by itself. A stage FAILED makes an error of any status. */
export function classify(grpcStatus: number, signs: number): CallClass {
  if (grpcStatus !== 0 || (signs & SIGN_FAILED) !== 0) return CALL_CLASS.error;
  if ((signs & SIGN_COMPLETED) === 0 || (signs & SIGN_APOLOGY) !== 0) return CALL_CLASS.degraded;
  return showsLlmOutput(signs) ? CALL_CLASS.ok : CALL_CLASS.silent;
}

export const DEGRADED_REASONS = [
  'OK without any message',
  'OK without a COMPLETED message',
  "OK with the server's apology for a failed LLM",
  'OK without any sign of LLM output, which other calls of this run have',
] as const;

/** Index into DEGRADED_REASONS for a call that classify() found degraded. */
export function degradedReason(signs: number): number {
  if ((signs & SIGN_MESSAGE) === 0) return 0;
  return (signs & SIGN_APOLOGY) === 0 ? 1 : 2;
}

export const SILENT_REASON = 3;

/** What a class means once the run is over: silent calls are degraded only where some call showed what output looks like. */
export function resolveClass(callClass: number, sawLlmOutput: boolean): Outcome {
  switch (callClass) {
    case CALL_CLASS.ok:
      return 'ok';
    case CALL_CLASS.silent:
      return sawLlmOutput ? 'degraded' : 'ok';
    case CALL_CLASS.degraded:
      return 'degraded';
    case CALL_CLASS.error:
      return 'error';
    default:
      return 'incomplete';
  }
}
