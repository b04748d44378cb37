// How many threads a load gets when it is left to us. What one thread carries with time to spare is a cautious part of what
// the engines were seen to carry; beyond that a loop's own waits would show in the latencies.

import { availableParallelism } from 'node:os';
import type { ArrivalModel, HarnessConfig } from '../contract/config.ts';

interface ThreadCapacity {
  readonly callsPerS: number;
  readonly inFlight: number;
}

const CAPACITY: Readonly<Record<HarnessConfig['engine'], ThreadCapacity>> = {
  wire: { callsPerS: 20_000, inFlight: 500 },
  'grpc-js': { callsPerS: 3000, inFlight: 50 },
};

type ThreadedLoad = Pick<
  HarnessConfig,
  'threads' | 'engine' | 'arrival' | 'concurrency' | 'serverAddr'
>;

/** As configured; 0 means by load, and then at most one per core that nobody else of ours needs. */
export function threadCount(load: ThreadedLoad, cores: number = availableParallelism()): number {
  if (load.threads > 0) return load.threads;
  const { callsPerS, inFlight } = CAPACITY[load.engine];
  const wanted =
    load.arrival.kind === 'closed'
      ? load.concurrency / inFlight
      : highestRate(load.arrival) / callsPerS;
  // The worker takes a core now and then, an embedded target all the time.
  const free = cores - (load.serverAddr === '' ? 2 : 1);
  return Math.max(1, Math.min(Math.ceil(wanted), free));
}

/** Calls per second; 0 for a replay, whose file only the generator reads. */
function highestRate(arrival: Exclude<ArrivalModel, { readonly kind: 'closed' }>): number {
  switch (arrival.kind) {
    case 'stages':
      return Math.max(0, ...arrival.stages.map((stage) => stage.ratePerS));
    case 'replay':
      return 0;
    case 'constant':
    case 'poisson':
    case 'gamma':
      return arrival.ratePerS;
  }
}
