// A session for each call against one session for all: the price of the per-session lock.

import type { Scenario } from '../contract/scenario.ts';
import { target } from './base.ts';

export const freshVsReused: Scenario = {
  id: 'fresh_vs_reused',
  title: 'a fresh session per call (50 workers) against one session for all (10 workers)',
  purpose:
    'What it costs that calls of one session are served one at a time: throughput of the one session over that of fresh ones.',
  headline: { metric: 'throughput', pick: 'ratio' },
  factor: 'sessions reused',
  settings: target(1, 0),
  levels: [
    { name: 'fresh', value: 0, settings: { concurrency: 50, totalRequests: 5000 } },
    {
      name: 'reused',
      value: 1,
      settings: { concurrency: 10, totalRequests: 1000, sessionId: 'reused' },
    },
  ],
  runs: 'all',
  warmupRuns: 'all',
  stop: null,
};
