import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSummary } from '../../src/activities/run-summary.ts';
import { MAX_FAILED_RUNS, MAX_LISTED_RUNS } from '../../src/contract/benchmark-state.ts';
import { MAX_LISTED_DISCARDED } from '../../src/contract/discarded-runs.ts';
import {
  EMPTY_LEDGER,
  finishedCounts,
  refsOf,
  seriesOf,
  withDiscarded,
  withFailed,
  withFinished,
  type LedgerState,
} from '../../src/workflows/run-ledger.ts';
import { aRunKey, aStoredRun } from '../support/stored-run.ts';

const RUNS = 1000;
/** Temporal warns from here on. */
const PAYLOAD_BYTES = 256 * 1024;
const LONG_PATH = `/${'p'.repeat(250)}/run.json`;
const FILE = { path: '/x/run.json', sha256: 'x', bytes: 1 };
const NOTHING = { warmup: 0, measured: 0 };
const LONG_ID = 'b'.repeat(120);

function aLongBenchmark(): LedgerState {
  let ledger = EMPTY_LEDGER;
  for (let index = 1; index <= RUNS; index += 1) {
    const key = { ...aRunKey({ index }), workflowId: LONG_ID };
    ledger = withFinished(
      ledger,
      runSummary({
        run: aStoredRun({ key }),
        file: { path: LONG_PATH, sha256: 'a'.repeat(64), bytes: 12345 },
      }),
    );
  }
  return ledger;
}

const LOSS = {
  host: 'h'.repeat(128),
  discardedAtUtc: '2026-01-02T03:04:05.678Z',
  reason: 'its worker did not answer for 600 s (hostLossLimit)',
};

describe('the ledger of a benchmark', () => {
  it('begins anew when its host is given up, and lists what was measured there, of several the newest', () => {
    const first = withDiscarded(aLongBenchmark(), { ...LOSS, host: 'one' });
    assert.equal(seriesOf(first), 2);
    assert.deepEqual([first.listed, first.failed, finishedCounts(first)], [[], [], NOTHING]);
    const [lost] = first.discarded ?? [];
    assert.deepEqual([lost?.series, lost?.host, lost?.counts.measured], [1, 'one', RUNS]);
    assert.equal(lost?.runs.length, MAX_LISTED_DISCARDED);
    assert.equal(lost.runs.at(-1)?.index, RUNS);

    const finished = withFinished(first, runSummary({ run: aStoredRun(), file: FILE }));
    const key = aRunKey({ index: 9 });
    const failed = withFailed(finished, { key, code: 'x', message: 'y', attempts: 1 });
    const second = withDiscarded(failed, { ...LOSS, host: 'two' });
    assert.equal(seriesOf(second), 3);
    assert.deepEqual(
      second.discarded?.map(({ series, host, counts, failed, runs }) => [
        series,
        host,
        counts.measured,
        failed,
        runs.length,
      ]),
      [
        [1, 'one', RUNS, 0, MAX_LISTED_DISCARDED - 1],
        [2, 'two', 1, 1, 1],
      ],
    );
    const third = withDiscarded(second, LOSS);
    assert.deepEqual([third.discarded?.[2]?.counts, third.discarded?.[2]?.runs], [NOTHING, []]);
  });

  it('knows every one of a thousand runs and keeps the figures of the newest', () => {
    const ledger = aLongBenchmark();
    assert.deepEqual(finishedCounts(ledger), { warmup: 0, measured: RUNS });
    assert.equal(ledger.listed.length, MAX_LISTED_RUNS);
    assert.equal(ledger.listed.at(-1)?.key.index, RUNS);
    assert.deepEqual(refsOf(ledger, 'measured').at(0), { phase: 'measured', index: 1 });
    assert.equal(refsOf(ledger, 'measured').length, RUNS);
  });

  it('is one payload of Temporal for a thousand runs, and with as many failed ones as a benchmark may have', () => {
    let ledger = aLongBenchmark();
    for (let index = 1; index <= MAX_FAILED_RUNS; index += 1) {
      const key = { ...aRunKey({ index }), workflowId: LONG_ID };
      ledger = withFailed(ledger, {
        key,
        code: 'target-died',
        message: 'm'.repeat(100_000),
        attempts: 3,
      });
    }
    const { discarded } = withDiscarded(aLongBenchmark(), LOSS);
    assert.ok(discarded !== undefined);
    const bytes = Buffer.byteLength(JSON.stringify({ ...ledger, discarded }));
    assert.ok(bytes < PAYLOAD_BYTES, `${bytes} bytes`);
    assert.ok(Buffer.byteLength(JSON.stringify(refsOf(ledger, 'measured'))) < PAYLOAD_BYTES / 4);
  });
});
