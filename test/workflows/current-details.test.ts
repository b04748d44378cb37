import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSummary } from '../../src/activities/run-summary.ts';
import type { BenchmarkProgress } from '../../src/contract/benchmark-state.ts';
import { currentDetails } from '../../src/workflows/current-details.ts';
import { aMeasurement, aRunKey, aStoredRun } from '../support/stored-run.ts';

const file = { path: '/x/run.json', sha256: 'x', bytes: 1 };

describe('the Markdown of a benchmark in the Web UI', () => {
  it('shows where it is, what came of it, a row per finished run with room between its figures, and what failed', () => {
    const finished = [
      runSummary({ run: aStoredRun({ key: aRunKey({ index: 1 }) }), file }),
      runSummary({
        run: aStoredRun({
          key: aRunKey({ index: 2 }),
          attempt: { attempt: 2, lostMs: 900, reason: 'attempt 1: killed' },
          measurement: aMeasurement({
            throughputRps: null,
            latency: { ...aMeasurement().latency, n: 0, p50Us: null, p99Us: null },
            windowCalls: { issued: 4, ok: 1, degraded: 1, errors: 2, incomplete: 0 },
          }),
        }),
        file,
      }),
    ];
    const progress: BenchmarkProgress = {
      stage: { kind: 'running', phase: 'measured', index: 3, of: 10 },
      warmupRuns: 0,
      runs: 10,
      finished,
      failed: [
        { key: aRunKey({ index: 9 }), code: 'target-died', message: 'Killed.', attempts: 3 },
      ],
      hostTaskQueue: 'q',
    };
    const expected = [
      '**measured 3/10** · measured 2 of 10 · failed 1',
      '',
      'closing',
      '',
      '| \u2002 | calls/s\u2002 | p50\u00a0µs\u2002 | p99\u00a0µs\u2002 | errors\u2002 | verdict |',
      '| --- | ---: | ---: | ---: | ---: | --- |',
      '| run\u00a01\u2002 | 10.0\u2002 | 1000\u2002 | 1200\u2002 | 0.00\u00a0%\u2002 | VALID |',
      '| run\u00a02\u2002 | –\u2002 | –\u2002 | –\u2002 | 75.00\u00a0%\u2002 | VALID, attempt 2 |',
      '',
      'measured 9 failed (target-died): Killed.',
    ];
    assert.equal(currentDetails(progress, ['closing']), expected.join('\n'));
  });

  it('names the host that measures, one that it waits for, and what was discarded on another', () => {
    const progress: BenchmarkProgress = {
      stage: {
        kind: 'waiting-for-host',
        host: 'bench-2',
        untilUtc: '2026-01-02T03:14:05.000Z',
        then: 'rehome',
      },
      warmupRuns: 0,
      runs: 10,
      finished: [],
      failed: [],
      hostTaskQueue: 'q',
      host: 'bench-2',
      discarded: [
        {
          series: 1,
          host: 'bench-1',
          discardedAtUtc: '2026-01-02T03:04:05.000Z',
          reason: 'its worker does not answer',
          counts: { warmup: 0, measured: 1 },
          failed: 0,
          runs: [],
        },
      ],
    };
    const expected = [
      '**waiting for host bench-2, whose worker does not answer, until 2026-01-02T03:14:05.000Z, then another host measures from the start** · measured 0 of 10 · on bench-2',
      '',
      'discarded: series 1 on bench-1, 0 warm-up runs, 1 measured run, because its worker does not answer',
    ];
    assert.equal(currentDetails(progress, []), expected.join('\n'));
    const stage = { kind: 'seeking-host', lost: 'bench-2' } as const;
    assert.match(
      currentDetails({ ...progress, stage, host: null }, []),
      /^\*\*bench-2 is lost; waiting for the worker of any host\*\* · measured 0 of 10$/m,
    );
  });

  it('stays small when there are many runs', () => {
    const one = runSummary({ run: aStoredRun(), file });
    const progress: BenchmarkProgress = {
      stage: { kind: 'done' },
      warmupRuns: 0,
      runs: 1000,
      finished: Array.from({ length: 1000 }, () => one),
      failed: [],
      hostTaskQueue: null,
    };
    assert.ok(currentDetails(progress, []).length < 10_000);
  });
});
