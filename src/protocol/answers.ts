// Texts by which a Loom server says things that its status code does not say.

/** Loom's whole answer when its LLM failed: status OK, this text, no token usage. */
export const APOLOGY_TEXT =
  "I apologize, but I've reached my processing limit. Please try rephrasing your request or breaking it into smaller steps.";

/**
 * True for Loom's apology. Exact but for white space around it: an answer that merely quotes the apology, as an echoing
 * LLM does, is an answer.
 */
export function isApology(text: string): boolean {
  return text === APOLOGY_TEXT || text.trim() === APOLOGY_TEXT;
}

/** Trailing metadata of our target: the LLM time of the call in whole microseconds. */
export const LLM_TIME_TRAILER = 'x-loombench-llm-us';
