// The facts of a message before any is known; an engine fills one and the same object again and again.

import type { MessageFacts } from './engine.ts';

export function emptyFacts(): MessageFacts {
  return {
    bytes: 0,
    isToken: false,
    tokenCount: 0,
    contentBytes: 0,
    completed: false,
    failed: false,
    llmTokens: 0,
    apology: false,
  };
}
