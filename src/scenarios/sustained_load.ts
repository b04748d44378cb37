// Two minutes of a steady load: does the server hold what it shows in the first seconds?

import type { Scenario } from '../contract/scenario.ts';
import { target } from './base.ts';

export const sustainedLoad: Scenario = {
  id: 'sustained_load',
  title: 'steady load for two minutes: 20 workers, LLM of 20 ms + U(0, 30) ms',
  purpose:
    'Whether throughput and latency stay what they are over time; drift, leaks and garbage collection show here.',
  headline: { metric: 'throughput', pick: 'first' },
  factor: 'workers',
  settings: { ...target(20, 30, 10_000), duration: '120s', perRunWarmup: '10s' },
  levels: [{ name: '20-workers', value: 20, settings: { concurrency: 20 } }],
  runs: 'all',
  warmupRuns: 'all',
  stop: null,
};
