import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredBenchmark } from '../../../src/artifacts/stored-benchmarks.ts';
import { reasonsToKeep } from '../../../src/cli/artifacts/reasons-to-keep.ts';
import { BenchmarkError } from '../../../src/contract/failure.ts';
import type { BenchmarkDescription, BenchmarkState } from '../../../src/temporal/benchmark-api.ts';

const NOW_MS = 1e12;
const DAY_MS = 86_400_000;

function stored(benchmarkId: string, ageDays = 0, hasReport = true): StoredBenchmark {
  const changedAtMs = NOW_MS - ageDays * DAY_MS;
  return { benchmarkId, directory: `/${benchmarkId}`, bytes: 1, changedAtMs, hasReport };
}

/** A server that knows these and no others. */
function server(states: Readonly<Record<string, BenchmarkState>>) {
  return {
    describe: (benchmarkId: string): Promise<BenchmarkDescription> => {
      const state = states[benchmarkId];
      return state === undefined
        ? Promise.reject(new BenchmarkError('benchmark-not-found', 'none'))
        : Promise.resolve({
            kind: 'benchmark',
            benchmarkId,
            runId: 'r',
            state,
            startedAtUtc: '',
            closedAtUtc: null,
            scenario: null,
            target: null,
            verdict: null,
            summary: null,
            configHash: null,
            historyEvents: 1,
            pending: null,
          });
    },
  };
}

async function reasons(
  benchmarks: readonly StoredBenchmark[],
  states: Readonly<Record<string, BenchmarkState>> = {},
  baselines: readonly string[] = [],
): Promise<(string | null)[]> {
  const reasonOf = await reasonsToKeep(benchmarks, {
    client: server(states),
    baselines: new Set(baselines),
    nowMs: NOW_MS,
  });
  return benchmarks.map((benchmark) => reasonOf(benchmark));
}

describe('a stored benchmark', () => {
  it('stays while it runs or rests, however old it is, and its levels while their suite does', async () => {
    const all = [stored('a', 400), stored('b'), stored('s--quick--c5'), stored('t--quick--c5')];
    const states = { a: 'running', b: 'paused', s: 'running', t: 'completed' } as const;
    assert.deepEqual(await reasons(all, states), [
      'it is running',
      'it is running',
      'its suite is running',
      null,
    ]);
  });

  it('stays when it is a baseline, and goes when it is over', async () => {
    const states = { a: 'completed', b: 'failed', c: 'cancelled', d: 'terminated' } as const;
    const all = ['a', 'b', 'c', 'd'].map((id) => stored(id, 0, false));
    assert.deepEqual(await reasons(all, states, ['b']), [null, 'it is a baseline', null, null]);
  });

  it('without a report stays for a week when the server does not know it, as one of another server', async () => {
    const all = [stored('a', 6, false), stored('b', 8, false), stored('c', 0, true)];
    assert.deepEqual(await reasons(all), ['nobody says that it is over', null, null]);
  });

  it('is not judged at all when the server cannot be asked', async () => {
    const away = { describe: () => Promise.reject(new BenchmarkError('temporal-unreachable', '')) };
    const facts = { client: away, baselines: new Set<string>(), nowMs: NOW_MS };
    await assert.rejects(reasonsToKeep([stored('a')], facts), { code: 'temporal-unreachable' });
  });
});
