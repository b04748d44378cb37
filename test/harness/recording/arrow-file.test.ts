// The raw artifact, read back with Arrow's own reader: what another tool would see of a run.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { tableFromIPC, type Table } from 'apache-arrow';

import { writeArrowFile } from '../../../src/harness/recording/arrow-file.ts';
import { CHUNK_ROWS, emptySinkChunk } from '../../../src/harness/recording/raw-columns.ts';
import { RawSpool, readSpool, type SpooledRows } from '../../../src/harness/recording/raw-spool.ts';
import { ANSWER, MS, newRecorder, OK_END, play, SECOND, token } from './play-calls.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'loombench-arrow-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function column(table: Table, name: string): unknown[] {
  const vector = table.getChild(name);
  assert.ok(vector !== null, name);
  return Array.from({ length: vector.length }, (_, row): unknown => vector.get(row));
}

async function spooled(
  record: (spool: RawSpool) => void,
  options: { name?: string; maxRows?: number } = {},
): Promise<SpooledRows> {
  const spool = await RawSpool.open(join(directory, options.name ?? '.rows.tmp'), options.maxRows);
  record(spool);
  return spool.close();
}

async function artifact(
  spools: readonly SpooledRows[],
  sawLlmOutput = true,
): Promise<{ table: Table; raw: Awaited<ReturnType<typeof writeArrowFile>> }> {
  const raw = await writeArrowFile({ path: join(directory, 'raw.arrow'), spools, sawLlmOutput });
  return { table: tableFromIPC(await readFile(raw.file.path)), raw };
}

describe('the raw artifact', () => {
  it('takes nothing from a chunk that was given back to be filled anew', async () => {
    const spool = await RawSpool.open(join(directory, '.rows.tmp'));
    const chunk = emptySinkChunk(CHUNK_ROWS);
    chunk.endNs.forEach((_, row) => (chunk.endNs[row] = row));
    chunk.rows = CHUNK_ROWS;
    spool.chunk(chunk);
    assert.equal(spool.takeSpare(), null);
    let spare = spool.takeSpare();
    while (spare === null) {
      await setImmediate();
      spare = spool.takeSpare();
    }
    assert.equal(spare.rows, 0);
    spare.endNs.fill(-1);
    const written: Float64Array[] = [];
    for await (const { endNs } of readSpool(await spool.close())) written.push(endNs);
    assert.deepEqual(written, [Float64Array.from({ length: CHUNK_ROWS }, (_, row) => row)]);
  });

  it('holds every call with its instants, its outcome and its counts, absent instants as null', async () => {
    const rows = await spooled((rawSink) =>
      play(
        [
          { intendedNs: 0, dispatchNs: 5, endNs: 20 * MS },
          {
            intendedNs: MS,
            endNs: 30 * MS,
            messages: [],
            end: { grpcStatus: 14, statusMessage: 'gone' },
          },
          {
            intendedNs: 2 * MS,
            endNs: 40 * MS,
            messages: [
              { atNs: 10 * MS, facts: token(3) },
              { atNs: 20 * MS, facts: { ...token(7), completed: true } },
            ],
          },
          { intendedNs: 3 * MS, endNs: null },
        ],
        { rawSink, streaming: true, abandonAtNs: 50 * MS },
      ),
    );
    const { table, raw } = await artifact([rows]);
    assert.deepEqual(column(table, 'intended_ns'), [0n, 1_000_000n, 2_000_000n, 3_000_000n]);
    assert.deepEqual(column(table, 'dispatched_ns'), [5n, 1_000_000n, 2_000_000n, 3_000_000n]);
    assert.deepEqual(column(table, 'first_message_ns'), [20_000_000n, null, 10_000_000n, null]);
    assert.deepEqual(column(table, 'end_ns'), [20_000_000n, 30_000_000n, 40_000_000n, 50_000_000n]);
    assert.deepEqual(column(table, 'outcome'), ['ok', 'error', 'ok', 'incomplete']);
    assert.deepEqual(column(table, 'grpc_status'), [0, 14, 0, 1]);
    assert.deepEqual(column(table, 'messages'), [1, 0, 2, 0]);
    assert.deepEqual(column(table, 'tokens'), [0, 0, 7, 0]);
    assert.deepEqual(column(table, 'in_window'), [true, true, true, true]);
    assert.equal(raw.values, 4);
    assert.equal(raw.complete, true);
  });

  it('marks calls outside the window instead of leaving them out', async () => {
    const rows = await spooled((rawSink) =>
      play(
        [0, 1, 2, 3].map((at) => ({ intendedNs: at * SECOND, endNs: at * SECOND + MS })),
        {
          rawSink,
          trim: { kind: 'duration', startNs: SECOND, endNs: 3 * SECOND },
        },
      ),
    );
    const { table } = await artifact([rows]);
    assert.deepEqual(column(table, 'in_window'), [false, true, true, false]);
  });

  it('calls an answer without a sign of LLM output ok or degraded by what the whole run showed', async () => {
    const silent = [
      { intendedNs: 0, endNs: MS, messages: [{ atNs: MS, facts: { llmTokens: 0 } }] },
    ];
    const rows = await spooled((rawSink) => play(silent, { rawSink }));
    assert.deepEqual(column((await artifact([rows], false)).table, 'outcome'), ['ok']);
    const again = await spooled((rawSink) => play(silent, { rawSink }));
    assert.deepEqual(column((await artifact([again], true)).table, 'outcome'), ['degraded']);
  });

  it('keeps instants up to 2^53 - 1 and below 0 to the nanosecond', async () => {
    const largest = Number.MAX_SAFE_INTEGER;
    const instants = [
      largest,
      largest - 1,
      2 ** 32,
      2 ** 32 - 1,
      2 ** 31,
      0,
      -1,
      -(2 ** 32),
      -largest,
    ];
    const rows = await spooled((rawSink) => {
      const recorder = newRecorder({ slots: 1, rawSink });
      instants.forEach((atNs, index) => {
        recorder.begin(0, index, atNs, atNs);
        recorder.onEnd(0, atNs, OK_END);
      });
      recorder.finish();
    });
    const { table } = await artifact([rows]);
    const expected = instants.map(BigInt);
    assert.deepEqual(column(table, 'intended_ns'), expected);
    assert.deepEqual(column(table, 'end_ns'), expected);
    assert.equal(table.getChild('first_message_ns')?.nullCount, instants.length);
  });

  it('takes the rows of several recorders, batch after batch, and says its size and digest', async () => {
    const fill = (count: number, fromNs: number) => (rawSink: RawSpool) => {
      const recorder = newRecorder({ slots: 1, rawSink, maxRawValues: 10 });
      for (let call = 0; call < count; call += 1) {
        recorder.begin(0, call, fromNs + call, fromNs + call);
        if (call % 3 !== 0) recorder.onMessage(0, fromNs + call + 1, ANSWER);
        recorder.onEnd(0, fromNs + call + 2, OK_END);
      }
      recorder.finish();
    };
    const first = await spooled(fill(2 * CHUNK_ROWS + 3, 0), { name: '.first.tmp' });
    const second = await spooled(fill(7, 1_000_000), { name: '.second.tmp' });
    const { table, raw } = await artifact([first, second]);
    assert.deepEqual(
      table.batches.map(({ numRows }) => numRows),
      [CHUNK_ROWS, CHUNK_ROWS, 3, 7],
    );
    const intended = column(table, 'intended_ns');
    assert.equal(intended.length, 2 * CHUNK_ROWS + 10);
    assert.ok(intended.slice(0, 2 * CHUNK_ROWS + 3).every((atNs, call) => atNs === BigInt(call)));
    assert.deepEqual(intended.at(-1), 1_000_006n);
    assert.ok(
      column(table, 'first_message_ns').every(
        (atNs, row) =>
          (atNs === null) === ((row < 2 * CHUNK_ROWS + 3 ? row : row - 3) % 3 === 0) ||
          row >= 2 * CHUNK_ROWS + 3,
      ),
    );
    const content = await readFile(raw.file.path);
    assert.equal(raw.file.bytes, content.length);
    assert.equal(raw.file.sha256, createHash('sha256').update(content).digest('hex'));
    assert.deepEqual(await readdir(directory), ['raw.arrow']);
  });

  it('ends at its bound and says that it is not complete, in the result and in the file', async () => {
    const rows = await spooled(
      (rawSink) =>
        play(
          Array.from({ length: 12 }, (_, call) => ({ intendedNs: call, endNs: call + 1 })),
          { rawSink },
        ),
      { maxRows: 10 },
    );
    const { table, raw } = await artifact([rows]);
    assert.equal(table.numRows, 10);
    assert.equal(raw.values, 10);
    assert.equal(raw.complete, false);
    assert.equal(table.schema.metadata.get('loombench.raw.complete'), 'false');
  });

  it('is a readable file with all columns for a run without a call', async () => {
    const rows = await spooled((rawSink) => play([], { rawSink }));
    const { table, raw } = await artifact([rows]);
    assert.equal(table.numRows, 0);
    assert.equal(table.schema.fields.length, 9);
    assert.equal(raw.values, 0);
    assert.equal(raw.complete, true);
  });

  it('leaves no half file behind when it cannot be written, and names what to do', async () => {
    const rows = await spooled((rawSink) => play([{ intendedNs: 0, endNs: 1 }], { rawSink }));
    await assert.rejects(
      writeArrowFile({
        path: join(rows.path, 'raw.arrow'),
        spools: [rows],
        sawLlmOutput: true,
      }),
      { name: 'BenchmarkError', code: 'output-unwritable' },
    );
    const cutOff = { ...rows, chunks: [...rows.chunks, 5] };
    await assert.rejects(
      writeArrowFile({ path: join(directory, 'raw.arrow'), spools: [cutOff], sawLlmOutput: true }),
      { name: 'BenchmarkError' },
    );
    assert.deepEqual(await readdir(directory), ['.rows.tmp']);
    await assert.rejects(RawSpool.open(join(directory, 'missing', 'rows')), {
      name: 'BenchmarkError',
      code: 'output-unwritable',
    });
  });
});
