// The load itself: how many calls, by how many workers, for how long, and what each call asks.

import { boolean, choice, duration, integer, real, rate, text, optionalText } from './option.ts';

export const DEFAULT_QUERY = 'SELECT * FROM test_table WHERE id = 1';

export const LOAD_OPTIONS = {
  concurrency: integer({
    default: 10,
    min: 1,
    max: 65_536,
    short: 'c',
    help: 'workers that call at the same time',
  }),
  totalRequests: integer({
    default: 1000,
    min: 0,
    max: 1_000_000_000,
    short: 'n',
    help: 'calls per run; 0 runs for the duration instead',
  }),
  duration: duration({
    default: 0,
    short: 'z',
    help: 'length of each run; given alone it replaces the number of calls',
  }),
  requestTimeout: duration({
    default: 30_000,
    minMs: 1,
    short: 't',
    help: 'deadline of each call',
  }),
  useStreaming: boolean({ default: false, help: 'call StreamWeave instead of Weave' }),
  query: text({ default: DEFAULT_QUERY, help: 'query sent with each call' }),
  rampUp: duration({
    default: 0,
    help: 'time over which the workers start, evenly; 0 starts all at once',
  }),
  initialPhase: duration({
    default: 0,
    help: 'closed loop only: each worker starts up to this much later than its turn, at a random moment (seeded)',
  }),
  sessionId: text({
    default: '',
    help: 'one session for all calls; empty opens a new one for each call',
  }),
  numAgents: integer({
    default: 0,
    min: 0,
    max: 1000,
    help: 'agents that calls go to in turn; 0 or 1 is the default agent',
  }),
  grace: duration({
    default: 30_000,
    help: 'how long calls in flight at the end of a duration may still finish; the rest is incomplete',
  }),
  seed: integer({
    default: 1,
    min: 0,
    max: 4_294_967_295,
    help: 'seed of every random draw',
  }),
} as const;

export const ARRIVAL_OPTIONS = {
  arrival: choice({
    values: ['closed', 'constant', 'poisson', 'gamma', 'stages', 'replay'],
    default: 'closed',
    help: 'when calls are sent: closed waits for each answer, the others follow a schedule',
  }),
  rate: rate({ help: "calls per second over all workers; 'max' sends as fast as answers come" }),
  burstiness: real({
    default: 1,
    min: 0.01,
    max: 100,
    help: 'shape of gamma arrivals; 1 is Poisson, smaller is burstier',
  }),
  stages: text({
    default: '',
    help: "rates in sequence, '50:10s,100:20s'; ':ramp' after a stage moves to its rate linearly",
  }),
  replay: optionalText({ help: 'file with the schedule to replay' }),
  maxInFlight: integer({
    default: 10_000,
    min: 1,
    max: 1_000_000,
    help: 'scheduled arrivals only: calls that may be in flight at once',
  }),
  pacing: choice({
    values: ['timer', 'spin'],
    default: 'timer',
    help: 'scheduled arrivals only: timer sleeps and is some 0.1 ms late, spin polls for a core and is not',
  }),
} as const;
