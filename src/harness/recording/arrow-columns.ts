// The columns of the raw artifact and how rows become them. Instants are 64-bit integers, so that nothing is rounded in
// tools that would read a double.

import {
  Bool,
  Dictionary,
  Field,
  Int64,
  Int8,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Uint32,
  Uint8,
  Utf8,
  vectorFromArray,
  type Data,
} from 'apache-arrow';

import { OUTCOMES } from '../../contract/outcome.ts';
import type { SinkChunk } from './raw-columns.ts';

const OUTCOME_TYPE = new Dictionary(new Utf8(), new Int8(), 0, false);
/** One for all batches: it is then written once. */
const OUTCOME_NAMES = vectorFromArray([...OUTCOMES], new Utf8());

/** Instants are ns of the run's monotonic clock, relative to its origin. */
export function arrowSchema(facts: { readonly complete: boolean }): Schema {
  return new Schema(
    [
      new Field('intended_ns', new Int64()),
      new Field('dispatched_ns', new Int64()),
      /** Null when no message came. */
      new Field('first_message_ns', new Int64(), true),
      /** When the call was given up, for an incomplete one. */
      new Field('end_ns', new Int64()),
      new Field('outcome', OUTCOME_TYPE),
      new Field('grpc_status', new Uint8()),
      new Field('messages', new Uint32()),
      new Field('tokens', new Uint32()),
      /** The intended start lies in the measured window. */
      new Field('in_window', new Bool()),
    ],
    new Map([
      ['loombench.raw.version', '1'],
      ['loombench.raw.complete', String(facts.complete)],
      ['loombench.raw.clock', 'monotonic, nanoseconds since the origin of the run'],
    ]),
  );
}

/** `outcomeOfClass`: index into OUTCOMES by call class. */
export function recordBatch(
  schema: Schema,
  chunk: SinkChunk,
  outcomeOfClass: readonly number[],
): RecordBatch {
  const { rows } = chunk;
  const children: Data[] = [
    instants(chunk.intendedNs),
    instants(chunk.dispatchNs),
    nullableInstants(chunk.firstMessageNs),
    instants(chunk.endNs),
    makeData({
      type: OUTCOME_TYPE,
      length: rows,
      nullCount: 0,
      data: outcomeIndexes(chunk, outcomeOfClass),
      dictionary: OUTCOME_NAMES,
    }),
    makeData({ type: new Uint8(), length: rows, nullCount: 0, data: chunk.grpcStatus }),
    makeData({ type: new Uint32(), length: rows, nullCount: 0, data: chunk.messages }),
    makeData({ type: new Uint32(), length: rows, nullCount: 0, data: chunk.tokens }),
    makeData({
      type: new Bool(),
      length: rows,
      nullCount: 0,
      data: bitmap(rows, (row) => chunk.measured[row] === 1),
    }),
  ];
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length: rows, nullCount: 0, children }));
}

function outcomeIndexes(chunk: SinkChunk, outcomeOfClass: readonly number[]): Int8Array {
  const indexes = new Int8Array(chunk.rows);
  for (let row = 0; row < chunk.rows; row += 1) {
    indexes[row] = outcomeOfClass[chunk.callClass[row] ?? 0] ?? 0;
  }
  return indexes;
}

function instants(valuesNs: Float64Array): Data<Int64> {
  const { length } = valuesNs;
  return makeData({ type: new Int64(), length, nullCount: 0, data: int64(valuesNs) });
}

function nullableInstants(valuesNs: Float64Array): Data<Int64> {
  const { length } = valuesNs;
  const nullCount = valuesNs.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (nullCount === 0) return instants(valuesNs);
  return makeData({
    type: new Int64(),
    length,
    nullCount,
    nullBitmap: bitmap(length, (row) => !Number.isNaN(valuesNs[row])),
    data: int64(valuesNs),
  });
}

const UINT32_VALUES = 2 ** 32;

/** Integers of doubles, by halves: a BigInt each would cost more than the rest of the file. NaN becomes 0. */
function int64(values: Float64Array): BigInt64Array {
  const whole = new BigInt64Array(values.length);
  const halves = new DataView(whole.buffer);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? NaN;
    if (Number.isNaN(value)) continue;
    const high = Math.floor(value / UINT32_VALUES);
    halves.setUint32(at * 8, value - high * UINT32_VALUES, true);
    halves.setInt32(at * 8 + 4, high, true);
  }
  return whole;
}

function bitmap(rows: number, isSet: (row: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(rows / 8));
  for (let row = 0; row < rows; row += 1) {
    if (isSet(row)) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bits;
}
