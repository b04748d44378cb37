// The streaming call: how soon does the first token come when many streams are open?

import type { Scenario } from '../contract/scenario.ts';
import { HALF_A_MINUTE, target } from './base.ts';
import { ladder } from './ladder.ts';

export const streamweave: Scenario = {
  id: 'streamweave',
  title: '1 to 100 workers that stream, chunks of 10 characters every millisecond',
  purpose: 'How many streams the server can hold before the first token comes late.',
  headline: { metric: 'timeToFirstToken', pick: 'last' },
  factor: 'workers',
  settings: {
    ...target(10, 0),
    ...HALF_A_MINUTE,
    useStreaming: true,
    streamChunkSize: 10,
    streamChunkDelay: '1ms',
  },
  levels: ladder({
    values: [1, 5, 10, 20, 50, 100],
    unit: 'workers',
    settings: (concurrency) => ({ concurrency }),
  }),
  runs: 'half',
  warmupRuns: 'none',
  stop: null,
};
