// From 1 to 1024 workers: where does more concurrency stop to give more throughput?

import type { Scenario } from '../contract/scenario.ts';
import { HALF_A_MINUTE, target } from './base.ts';
import { doubling, ladder } from './ladder.ts';

export const concurrencyScaling: Scenario = {
  id: 'concurrency_scaling',
  title: '1 to 1024 workers on an LLM of 10 ms + U(0, 5) ms',
  purpose:
    'How throughput grows with the number of workers and where latency takes over; past two saturated levels in a row nothing new is learnt.',
  headline: { metric: 'throughput', pick: 'highest' },
  factor: 'workers',
  settings: { ...target(10, 5), ...HALF_A_MINUTE },
  levels: ladder({
    values: doubling(1, 1024),
    unit: 'workers',
    settings: (concurrency) => ({ concurrency }),
  }),
  runs: 'all',
  warmupRuns: 'all',
  stop: { kind: 'beyond', limits: { latencyP99Ms: 1000, errorRate: 0.1 }, inARow: 2 },
};
