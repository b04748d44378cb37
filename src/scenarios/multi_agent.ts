// The same load spread over 1 to 200 agents: does an agent cost anything?

import type { Scenario } from '../contract/scenario.ts';
import { target } from './base.ts';
import { ladder } from './ladder.ts';

export const multiAgent: Scenario = {
  id: 'multi_agent',
  title: '1 to 200 agents in turn, 32 workers',
  purpose:
    'Whether finding and serving many agents costs throughput: that of 200 agents over that of one.',
  headline: { metric: 'throughput', pick: 'ratio' },
  factor: 'agents',
  settings: { ...target(1, 0), concurrency: 32, totalRequests: 2000 },
  levels: ladder({
    values: [1, 5, 10, 20, 50, 100, 200],
    unit: 'agents',
    settings: (numAgents) => ({ numAgents }),
  }),
  runs: 'half',
  warmupRuns: 'none',
  stop: null,
};
