import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveState, ProgressView } from '../../src/cli/progress/live-state.ts';
import { watchBenchmark, type WatchPorts } from '../../src/cli/watch-benchmark.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import type { BenchmarkEnd, LiveProgress } from '../../src/temporal/benchmark-client.ts';
import { liveAnswer } from '../support/live-states.ts';

const END: BenchmarkEnd = { kind: 'terminated', message: 'by hand' };

class RecordingView implements ProgressView {
  readonly states: LiveState[] = [];
  closed = 0;
  show(state: LiveState): void {
    this.states.push(state);
  }
  note(): void {
    throw new Error('the watcher has nothing to note');
  }
  close(): void {
    this.closed += 1;
  }
}

type Look = LiveProgress | BenchmarkError;

/** Answers the looks in turn (the last for ever) and ends the benchmark after `endAfter` of them. */
function ports(looks: readonly Look[], options: { endAfter?: number; signal?: AbortSignal } = {}) {
  const view = new RecordingView();
  let asked = 0;
  let nowMs = 0;
  let end: (value: BenchmarkEnd) => void = () => undefined;
  const result = new Promise<BenchmarkEnd>((resolve) => {
    end = resolve;
  });
  const watch: WatchPorts = {
    client: {
      result: (_id, signal) =>
        Promise.race([
          result,
          new Promise<never>((_, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('aborted')));
          }),
        ]),
      progress: () => {
        const look = looks[Math.min(asked, looks.length - 1)];
        asked += 1;
        if (asked === options.endAfter) end(END);
        return look instanceof BenchmarkError || look === undefined
          ? Promise.reject(look ?? new Error('no look'))
          : Promise.resolve(look);
      },
    },
    view,
    webUiUrl: null,
    signal: options.signal ?? new AbortController().signal,
    intervalMs: 500,
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
      await nextTurn();
    },
  };
  return { watch, view };
}

const AWAY = new BenchmarkError('temporal-unreachable', 'away');

it('returns the end and closes the display', async () => {
  const { watch, view } = ports([liveAnswer()], { endAfter: 3 });
  assert.deepEqual(await watchBenchmark('b-1', watch), { kind: 'ended', end: END });
  assert.equal(view.closed, 1);
});

it('looks once more after the end, for what came in between', async () => {
  const last = liveAnswer({ state: 'completed' });
  const { watch, view } = ports([liveAnswer(), last], { endAfter: 1 });
  await watchBenchmark('b-1', watch);
  assert.equal(view.states.at(-1)?.answer?.state, 'completed');
});

it('goes on over an outage of the server and keeps what it knew', async () => {
  const known = liveAnswer({ state: 'paused' });
  const { watch, view } = ports([known, AWAY, AWAY, known], { endAfter: 5 });
  assert.equal((await watchBenchmark('b-1', watch)).kind, 'ended');
  assert.deepEqual(
    view.states.slice(0, 4).map((state) => state.inContact),
    [true, false, false, true],
  );
  assert.equal(view.states[1]?.answer?.state, 'paused');
});

it('keeps the progress that was told while no worker answers', async () => {
  const { watch, view } = ports([liveAnswer(), liveAnswer({ progress: null })], { endAfter: 3 });
  await watchBenchmark('b-1', watch);
  assert.notEqual(view.states[1]?.answer?.progress, null);
});

it('fails on what looking again cannot cure', async () => {
  const { watch, view } = ports([new BenchmarkError('benchmark-not-found', 'none')]);
  await assert.rejects(watchBenchmark('b-1', watch), { code: 'benchmark-not-found' });
  assert.equal(view.closed, 1);
});

it('ends when it is interrupted, also while the server is away', async () => {
  const interruption = new AbortController();
  const { watch, view } = ports([AWAY], { signal: interruption.signal });
  const watching = watchBenchmark('b-1', watch);
  await nextTurn();
  interruption.abort();
  assert.deepEqual(await watching, { kind: 'interrupted' });
  assert.equal(view.closed, 1);
});
