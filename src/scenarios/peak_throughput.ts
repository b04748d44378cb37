// An LLM that takes no time leaves the server itself: how many calls a second can it do at most?

import type { Scenario } from '../contract/scenario.ts';
import { HALF_A_MINUTE, target } from './base.ts';
import { doubling, ladder } from './ladder.ts';

export const peakThroughput: Scenario = {
  id: 'peak_throughput',
  title: '16 to 1024 workers on an LLM that takes no time',
  purpose:
    'The most calls per second that the server itself can do; after two declines in a row the peak is behind.',
  headline: { metric: 'throughput', pick: 'highest' },
  factor: 'workers',
  settings: { ...target(0, 0), ...HALF_A_MINUTE },
  levels: ladder({
    values: doubling(16, 1024),
    unit: 'workers',
    settings: (concurrency) => ({ concurrency }),
  }),
  runs: 'all',
  warmupRuns: 'all',
  stop: { kind: 'declines', metric: 'throughput', inARow: 2 },
};
