// An LLM that fails in 10 to 70 % of its calls: are the others still served well, and are failures told?

import type { Scenario } from '../contract/scenario.ts';
import { target } from './base.ts';
import { ladder } from './ladder.ts';

export const errorResilience: Scenario = {
  id: 'error_resilience',
  title: 'an LLM that fails in 10, 30, 50 and 70 % of its calls',
  purpose:
    'Whether failures of the LLM harm the calls that succeed: the p99 of those at the highest share of failures.',
  headline: { metric: 'latencyP99', pick: 'last' },
  factor: 'LLM errors, %',
  settings: { ...target(10, 0), concurrency: 20, duration: '60s', perRunWarmup: '5s' },
  levels: ladder({
    values: [10, 30, 50, 70],
    unit: 'percent',
    settings: (percent) => ({ llmErrorRate: percent / 100 }),
  }),
  runs: 'half',
  warmupRuns: 'none',
  stop: null,
};
