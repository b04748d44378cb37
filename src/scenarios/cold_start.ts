// The first call after a start, apart from the ten that follow it.

import type { Scenario } from '../contract/scenario.ts';
import { target } from './base.ts';

export const coldStart: Scenario = {
  id: 'cold_start',
  title: 'the first 11 calls after a cold start, one by one',
  purpose:
    'What the very first call to a fresh server costs. Each run is an iteration: it starts the embedded target anew. A server given by address is as cold as it is left, and only once: it gets one run.',
  headline: { metric: 'firstCall', pick: 'first' },
  factor: 'workers',
  // Nothing is trimmed: the first call is what this is about.
  settings: { ...target(0, 0), concurrency: 1, totalRequests: 11, perRunWarmup: '0s' },
  levels: [{ name: 'cold', value: 1, settings: {} }],
  runs: 'all',
  warmupRuns: 'none',
  stop: null,
  asStarted: true,
};
