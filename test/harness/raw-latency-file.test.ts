// What a report gets of a run's calls: read back from the file, never from what the file should say.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { readRawLatencies } from '../../src/harness/raw-latency-file.ts';
import { writeArrowFile } from '../../src/harness/recording/arrow-file.ts';
import { RawSpool } from '../../src/harness/recording/raw-spool.ts';
import { calls, MS, play, SECOND } from './recording/play-calls.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'loombench-raw-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** Four ok calls, the first outside the window, and a failed one. */
async function callsFile(): Promise<NonNullable<RunMeasurement['raw']>> {
  const spool = await RawSpool.open(join(directory, '.rows.tmp'));
  const at = (second: number, sentMs: number, endMs: number) => ({
    intendedNs: second * SECOND,
    dispatchNs: second * SECOND + sentMs * MS,
    endNs: second * SECOND + endMs * MS,
  });
  const { sawLlmOutput } = play(
    [
      at(0, 0, 1),
      at(1, 1, 9),
      at(2, 0, 4),
      { ...at(3, 0, 2), end: { grpcStatus: 14, statusMessage: 'gone' } },
      at(4, 3, 5.0004),
    ],
    { rawSink: spool, trim: { kind: 'duration', startNs: SECOND, endNs: 10 * SECOND } },
  );
  const path = join(directory, 'calls.arrow');
  return writeArrowFile({ path, spools: [await spool.close()], sawLlmOutput });
}

describe('readRawLatencies', () => {
  it('gives the ok calls of the window in whole µs, ascending, from the dispatch or from the intended start', async () => {
    const raw = await callsFile();
    assert.deepEqual(await readRawLatencies({ raw, latencyKind: 'service' }), [2000, 4000, 8000]);
    assert.deepEqual(await readRawLatencies({ raw, latencyKind: 'response' }), [4000, 5000, 9000]);
  });

  it('gives those of every 2nd, 3rd … call where a report cannot carry all, so that a slow end is among them', async () => {
    const spool = await RawSpool.open(join(directory, '.rows.tmp'));
    const { sawLlmOutput } = play(
      calls(Array.from({ length: 100 }, (_, call) => (call + 1) * MS)),
      {
        rawSink: spool,
      },
    );
    const path = join(directory, 'calls.arrow');
    const raw = await writeArrowFile({ path, spools: [await spool.close()], sawLlmOutput });
    const read = (most: number): Promise<number[] | null> =>
      readRawLatencies({ raw, latencyKind: 'service' }, most);
    const everyNthUs = (n: number): number[] =>
      Array.from({ length: Math.ceil(100 / n) }, (_, row) => (n * row + 1) * 1000);
    assert.deepEqual(await read(100), everyNthUs(1));
    assert.deepEqual(await read(99), everyNthUs(2));
    assert.deepEqual(await read(40), everyNthUs(3));
    assert.deepEqual(await read(1), everyNthUs(100));
  });

  it('gives nothing for a run that kept nothing', async () => {
    assert.equal(await readRawLatencies({ raw: null, latencyKind: 'service' }), null);
  });

  it('refuses a file that changed since, or is gone', async () => {
    const raw = await callsFile();
    await appendFile(raw.file.path, ' ');
    await assert.rejects(readRawLatencies({ raw, latencyKind: 'service' }), {
      code: 'artifact-corrupt',
    });
    await rm(raw.file.path);
    await assert.rejects(readRawLatencies({ raw, latencyKind: 'service' }), {
      code: 'artifact-missing',
    });
  });

  it('reads the JSON array of a run of version 0.1', async () => {
    const path = join(directory, 'latencies-us.json');
    await writeFile(path, '[1,2,30]\n');
    const sha256 = createHash('sha256').update('[1,2,30]\n').digest('hex');
    const raw = { file: { path, sha256, bytes: 9 }, values: 3, complete: true };
    assert.deepEqual(await readRawLatencies({ raw, latencyKind: 'service' }), [1, 2, 30]);
  });
});
