import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { blockLines } from '../../../src/cli/progress/block.ts';
import {
  liveAnswer,
  liveState,
  progress,
  runProgress,
  runSummary,
} from '../../support/live-states.ts';

it('shows run, progress, rate, latencies, errors and the link', () => {
  const state = liveState({
    answer: liveAnswer({ live: runProgress() }),
    webUiUrl: 'http://127.0.0.1:8233/x',
  });
  assert.deepEqual(blockLines(state, 200), [
    'b-1 · run 2 of 5 · 12.3 s',
    '[============            ] 50 % · under load · 2.5 s',
    '781 rps · p50 12.51 ms · p99 15.02 ms · 1,950 calls · 1 error · 10 in flight',
    'Web UI  http://127.0.0.1:8233/x',
  ]);
});

it('has no bar where the end is not known', () => {
  const state = liveState({ answer: liveAnswer({ live: runProgress({ fraction: null }) }) });
  assert.equal(blockLines(state, 200)[1], 'under load · 2.5 s');
});

it('says that it waits for a worker when nobody answers for the workflow', () => {
  const state = liveState({ answer: liveAnswer({ progress: null }) });
  assert.equal(blockLines(state, 200)[0], 'b-1 · waiting for a worker · 12.3 s');
});

it('says that the server is away while it is', () => {
  assert.match(
    blockLines(liveState({ inContact: false }), 200).join('\n'),
    /no answer from the Temporal/,
  );
});

it('stays small however many runs are finished, and says how many it hides', () => {
  const finished = Array.from({ length: 100 }, (_, index) => runSummary(index + 1));
  const lines = blockLines(
    liveState({ answer: liveAnswer({ progress: progress({ finished }) }) }),
    80,
  );
  assert.equal(lines[0], '… 96 earlier runs');
  assert.ok(lines.length <= 10);
});

it('never makes a line that is wider than the terminal or broken in two', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 120 }), (text, columns) => {
      const state = liveState({
        benchmarkId: `id${text}`,
        answer: liveAnswer({
          live: runProgress(),
          pending: {
            activityType: 'measureRun',
            attempt: 2,
            running: false,
            lastFailure: `first line\nsecond ${text}`,
            nextAttemptAtUtc: null,
          },
        }),
      });
      for (const line of blockLines(state, columns)) {
        assert.ok(line.length <= columns);
        assert.ok(!line.includes('\n'));
      }
    }),
  );
});
