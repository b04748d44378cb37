// One conversation that grows: does a turn cost more the longer the history is?

import type { Scenario } from '../contract/scenario.ts';
import { target } from './base.ts';
import { ladder } from './ladder.ts';

export const multiTurn: Scenario = {
  id: 'multi_turn',
  title: '10 to 2000 turns of one conversation, one after the other',
  purpose: 'What the history of a conversation adds to each of its turns.',
  headline: { metric: 'latencyP50', pick: 'last' },
  factor: 'turns',
  // Nothing is trimmed: the first turns are the shallow ones.
  settings: { ...target(0, 0), concurrency: 1, sessionId: 'multi-turn', perRunWarmup: '0s' },
  levels: ladder({
    values: [10, 50, 100, 200, 500, 1000, 2000],
    unit: 'turns',
    settings: (totalRequests) => ({ totalRequests }),
  }),
  runs: 'half',
  warmupRuns: 'none',
  stop: { kind: 'beyond', limits: { latencyP50Ms: 100 }, inARow: 1 },
};
