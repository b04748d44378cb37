import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSummary } from '../../src/activities/run-summary.ts';
import { MAX_FAILED_RUNS, MAX_LISTED_RUNS } from '../../src/contract/benchmark-state.ts';
import {
  EMPTY_LEDGER,
  finishedCounts,
  refsOf,
  withFailed,
  withFinished,
  type LedgerState,
} from '../../src/workflows/run-ledger.ts';
import { aRunKey, aStoredRun } from '../support/stored-run.ts';

const RUNS = 1000;
/** Temporal warns from here on. */
const PAYLOAD_BYTES = 256 * 1024;
const LONG_PATH = `/${'p'.repeat(250)}/run.json`;
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

describe('the ledger of a benchmark', () => {
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
    const bytes = Buffer.byteLength(JSON.stringify(ledger));
    assert.ok(bytes < PAYLOAD_BYTES, `${bytes} bytes`);
    assert.ok(Buffer.byteLength(JSON.stringify(refsOf(ledger, 'measured'))) < PAYLOAD_BYTES / 4);
  });
});
