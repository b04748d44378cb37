// A first look: real calls against an embedded target in well under a minute, with numbers worth reading.
// The LLM limiter is out of the way, so that ten workers at 12.5 ms mean about 700 calls a second.

import type { Scenario } from '../contract/scenario.ts';

export const quick: Scenario = {
  id: 'quick',
  title: 'a first look in half a minute: 10 workers, LLM of 10 ms + U(0, 5) ms, five runs of 5 s',
  purpose: 'Whether everything works, and numbers of the right size, within a minute.',
  headline: { metric: 'throughput', pick: 'first' },
  factor: 'workers',
  settings: {
    concurrency: 10,
    duration: '5s',
    perRunWarmup: '500ms',
    warmupRuns: 1,
    runs: 5,
    llmBaseLatency: '10ms',
    llmJitter: '5ms',
    llmConcurrencyLimit: 10_000,
  },
  levels: [{ name: '10-workers', value: 10, settings: {} }],
  runs: 'all',
  warmupRuns: 'all',
  stop: null,
};
