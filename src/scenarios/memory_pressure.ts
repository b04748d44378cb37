// A thousand to half a million fresh sessions: what does a session cost, and does the server survive them?

import type { Scenario } from '../contract/scenario.ts';
import { target } from './base.ts';
import { ladder } from './ladder.ts';

export const memoryPressure: Scenario = {
  id: 'memory_pressure',
  title: '1,000 to 500,000 fresh sessions by 32 workers',
  purpose:
    "What latency and the target's memory do as sessions pile up; stops when most calls fail, or before the machine runs out of memory.",
  headline: { metric: 'latencyP99', pick: 'last' },
  factor: 'sessions',
  settings: { ...target(0, 0), concurrency: 32 },
  levels: ladder({
    values: [1000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000],
    unit: 'sessions',
    settings: (totalRequests) => ({ totalRequests }),
  }),
  runs: 'half',
  warmupRuns: 'half',
  stop: { kind: 'beyond', limits: { errorRate: 0.5 }, inARow: 1 },
  watchMemory: true,
};
