// What a benchmark can be found by in Temporal's visibility: the one list that the embedded server registers at start and
// the workflow sets. On a server that lacks one of them it is left out, for setting an unknown one wedges the workflow.

export const SEARCH_ATTRIBUTES = {
  BenchmarkScenario: 'Keyword',
  BenchmarkTarget: 'Keyword',
  BenchmarkVerdict: 'Keyword',
  BenchmarkCommit: 'Keyword',
  BenchmarkThroughputRps: 'Double',
  BenchmarkLatencyP99Us: 'Double',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

/** Flags for `temporal server start-dev`. */
export function searchAttributeFlags(): string[] {
  return Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
}
