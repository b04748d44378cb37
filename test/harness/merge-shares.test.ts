// What threads saw apart, as the run's: nothing that befell one of them is lost behind the others.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProcessSample } from '../../src/contract/resources.ts';
import type { ConnectionFacts } from '../../src/contract/run-result.ts';
import type { ShareOutcome } from '../../src/harness/load-share.ts';
import { stallWarnings } from '../../src/harness/gates/generator-stall.ts';
import { mergeShares } from '../../src/harness/merge-shares.ts';
import { processSample } from '../support/resource-samples.ts';
import { calls, MS, play } from './recording/play-calls.ts';

const NO_ENDS = new Array<number>(17).fill(0);

interface Changes {
  readonly samples?: readonly ProcessSample[];
  readonly connection?: Partial<ConnectionFacts>;
}

/** A thread that made so many calls. */
function share(count: number, { samples = [], connection = {} }: Changes = {}): ShareOutcome {
  return {
    recorded: play(calls(new Array<number>(count).fill(MS))),
    drive: {
      issued: count,
      maxInFlight: 1,
      unsent: 0,
      cappedCalls: 0,
      sends: null,
      heldBack: 0,
      interrupted: false,
      endsByServer: [count, ...NO_ENDS.slice(1)],
      endsByClient: NO_ENDS,
      loadStartNs: 0,
      issueEndNs: count * MS,
      endNs: count * MS,
    },
    connection: {
      address: '127.0.0.1:1',
      connections: 1,
      reconnects: 0,
      maxConcurrentStreams: 10,
      locallyQueuedCalls: 0,
      engine: 'wire',
      threads: 1,
      ...connection,
    },
    samples,
    gcPauses: [],
    heapLimitBytes: 1,
    spool: null,
  };
}

describe('the threads of a run together', () => {
  it('stood still as long as the one that stood still longest in each second, whichever that was', () => {
    const calm = [0, 1].map((second) => processSample({ second, eventLoopDelayMaxUs: 900 }));
    const stuck = [processSample({ second: 1, eventLoopDelayMaxUs: 1_000_000 })];
    const unknown = [processSample({ second: 0, eventLoopDelayMaxUs: null })];
    const threads = [
      share(1, { samples: calm }),
      share(1, { samples: stuck }),
      share(1, { samples: unknown }),
    ];
    for (const shares of [threads, [...threads].reverse()]) {
      const { samples } = mergeShares(shares);
      assert.deepEqual(
        samples.map(({ second, eventLoopDelayMaxUs }) => [second, eventLoopDelayMaxUs]),
        [
          [0, 900],
          [1, 1_000_000],
        ],
      );
      assert.match(stallWarnings(samples, 30_000)[0]?.message ?? '', /1000 ms .* 1 of 2 seconds/);
    }
  });

  it('made the calls, waited for streams and reconnected as often as all of them', () => {
    const { drive, connection } = mergeShares([
      share(3, { connection: { locallyQueuedCalls: 2, reconnects: 1 } }),
      share(4, { connection: { locallyQueuedCalls: 5, reconnects: 2 } }),
    ]);
    assert.deepEqual([drive.issued, drive.endsByServer[0]], [7, 7]);
    const { connections, reconnects, locallyQueuedCalls, threads } = connection;
    assert.deepEqual(
      { connections, reconnects, locallyQueuedCalls, threads },
      { connections: 2, reconnects: 3, locallyQueuedCalls: 7, threads: 2 },
    );
  });

  it('do not know how many calls waited when one of them does not', () => {
    const { connection } = mergeShares([
      share(1, { connection: { locallyQueuedCalls: 2 } }),
      share(1, { connection: { locallyQueuedCalls: undefined } }),
    ]);
    assert.equal(connection.locallyQueuedCalls, undefined);
  });
});
