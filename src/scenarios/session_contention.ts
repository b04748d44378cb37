// More and more workers on one session: throughput must stay flat and each waits its turn.

import type { Scenario } from '../contract/scenario.ts';
import { HALF_A_MINUTE, target } from './base.ts';
import { ladder } from './ladder.ts';

export const sessionContention: Scenario = {
  id: 'session_contention',
  title: '1 to 200 workers on one session',
  purpose:
    'Whether the lock of a session costs more than the wait: throughput of 200 workers over that of one.',
  headline: { metric: 'throughput', pick: 'ratio' },
  factor: 'workers',
  settings: { ...target(0, 0), ...HALF_A_MINUTE, sessionId: 'contended' },
  levels: ladder({
    values: [1, 2, 5, 10, 25, 50, 100, 200],
    unit: 'workers',
    settings: (concurrency) => ({ concurrency }),
  }),
  runs: 'half',
  warmupRuns: 'none',
  stop: null,
};
