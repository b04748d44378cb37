// A load as its plan says, seen from the server and in the recording: what is cut as warm-up, and how many calls are open.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarizeRecording } from '../../src/harness/recording/summarize-recording.ts';
import { answer, TYPE } from '../support/http2-frames.ts';
import { scriptedLoad } from '../support/scripted-load.ts';
import type { ScriptedPeer } from '../support/scripted-server.ts';

const answerAt = (peer: ScriptedPeer, id: number): void => peer.send(answer(id));

describe('the window of a load', () => {
  it('begins where the warm-up ends and holds the calls that were due in it, and no other', async () => {
    const { recorded, drive } = await scriptedLoad({
      harness: { arrival: { kind: 'constant', ratePerS: 200 }, durationMs: 500 },
      plan: { perRunWarmupMs: 200 },
      onCall: answerAt,
    });
    const context = { latencyKind: 'response', timeSeries: false } as const;
    const { window, windowCalls } = summarizeRecording(recorded, context);
    assert.deepEqual(window, { startMs: 200, endMs: 500, trimmedBy: 'duration' });
    assert.deepEqual([drive.issued, windowCalls.issued], [100, 60]);
  });

  it('leaves out the first tenth of a number of calls when there is a warm-up, and none without', async () => {
    for (const [perRunWarmupMs, measured] of [
      [1, 90],
      [0, 100],
    ] as const) {
      const { recorded } = await scriptedLoad({
        harness: { totalRequests: 100 },
        plan: { perRunWarmupMs },
        onCall: answerAt,
      });
      const context = { latencyKind: 'service', timeSeries: false } as const;
      const { windowCalls, calls } = summarizeRecording(recorded, context);
      assert.deepEqual([calls.issued, windowCalls.issued], [100, measured]);
    }
  });
});

/** Streams by their frames: open from HEADERS until reset or answered. */
class OpenStreams {
  most = 0;
  readonly #open = new Set<string>();

  asked(peer: ScriptedPeer, id: number): void {
    this.#open.add(`${peer.number}/${id}`);
    this.most = Math.max(this.most, this.#open.size);
  }

  /** False: it was not open any more. */
  over(peer: ScriptedPeer, id: number): boolean {
    return this.#open.delete(`${peer.number}/${id}`);
  }
}

describe('the calls of 45 workers', () => {
  for (const [engine, threads] of [
    ['wire', 1],
    ['wire', 2],
    ['grpc-js', 1],
  ] as const) {
    it(`are never more than 45 at once for the server, also when they miss their deadlines (${engine}, threads: ${threads})`, async () => {
      const open = new OpenStreams();
      const { drive } = await scriptedLoad({
        harness: { engine, threads, concurrency: 45, totalRequests: 450, requestTimeoutMs: 50 },
        onFrame: (peer, { type, streamId }) => {
          if (type === TYPE.rstStream) open.over(peer, streamId);
        },
        onCall: (peer, id, call) => {
          open.asked(peer, id);
          // None is answered before all workers have called, and a third never.
          if (open.most < 45 || call % 3 === 0) return;
          setTimeout(() => {
            if (open.over(peer, id)) peer.send(answer(id));
          }, 2);
        },
      });
      assert.equal(drive.issued, 450);
      assert.equal(open.most, 45);
    });
  }
});
