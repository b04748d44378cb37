// Histograms as text that other tools read: HdrHistogram V2, deflated, base64. The bucket layout is already theirs
// (3 significant digits, lowest value 1 ns), so this file only writes and reads the container.

import { deflateSync, inflateSync } from 'node:zlib';

import { BenchmarkError } from '../../contract/failure.ts';
import type { EncodedHistogram } from '../../contract/run-result.ts';
import {
  histogramFromCounts,
  type ExactFigures,
  type LogLinearHistogram,
  type RecordedHistogram,
} from './log-linear-histogram.ts';
import { bucketIndex, FINE_STEPS_LOG2, HIGHEST_TRACKABLE_NS } from './log-linear-layout.ts';

// The last byte's high nibble says: counts are zigzag LEB128 with runs of zeros.
const PLAIN_COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;
const SIGNIFICANT_DIGITS = 3;
const HEADER_BYTES = 40;
const COMPRESSED_HEADER_BYTES = 8;
const BUCKETS = bucketIndex(HIGHEST_TRACKABLE_NS, FINE_STEPS_LOG2) + 1;
const MAX_WORD_BYTES = 9;
const MAX_PLAIN_BYTES = HEADER_BYTES + BUCKETS * MAX_WORD_BYTES;

type HistogramFigures = Pick<
  EncodedHistogram,
  'hdrV2Base64' | 'count' | 'minNs' | 'maxNs' | 'sumNs'
>;

/** A histogram with values, as it is stored: its buckets, and beside them what they cannot say exactly. */
export function encodeHistogram(histogram: LogLinearHistogram): HistogramFigures {
  const { count, minNs, maxNs, sumNs } = histogram;
  return {
    hdrV2Base64: encodeHdrV2(histogram.data()),
    count,
    ...(minNs === null || maxNs === null ? {} : { minNs, maxNs }),
    ...(Number.isSafeInteger(sumNs) ? { sumNs } : {}),
  };
}

/** The stored histogram again, exact where its figures are. Throws BenchmarkError 'artifact-corrupt' as decodeHdrV2 does. */
export function decodeHistogram(stored: HistogramFigures): LogLinearHistogram {
  return decodeHdrV2(stored.hdrV2Base64, stored);
}

export function encodeHdrV2(histogram: RecordedHistogram): string {
  const payload = encodeCounts(histogram.counts);
  const plain = Buffer.alloc(HEADER_BYTES + payload.length);
  plain.writeInt32BE(PLAIN_COOKIE, 0);
  plain.writeInt32BE(payload.length, 4);
  plain.writeInt32BE(0, 8); // normalizing index offset
  plain.writeInt32BE(SIGNIFICANT_DIGITS, 12);
  plain.writeBigInt64BE(1n, 16); // lowest discernible value
  plain.writeBigInt64BE(BigInt(HIGHEST_TRACKABLE_NS), 24);
  plain.writeDoubleBE(1, 32); // integer-to-double ratio
  payload.copy(plain, HEADER_BYTES);
  const deflated = deflateSync(plain);
  const head = Buffer.alloc(COMPRESSED_HEADER_BYTES);
  head.writeInt32BE(COMPRESSED_COOKIE, 0);
  head.writeInt32BE(deflated.length, 4);
  return Buffer.concat([head, deflated]).toString('base64');
}

/**
 * The histogram behind an encoded one. Bucket counts are exact; minimum, maximum and mean are as good as a bucket's width
 * where they are not given.
 * Throws BenchmarkError 'artifact-corrupt' for anything that is not such a histogram.
 */
export function decodeHdrV2(base64: string, exact: ExactFigures = {}): LogLinearHistogram {
  const plain = inflate(Buffer.from(base64, 'base64'));
  if (plain.length < HEADER_BYTES || plain.readInt32BE(0) !== PLAIN_COOKIE) {
    throw corrupt('it has no V2 header');
  }
  const digits = plain.readInt32BE(12);
  const lowest = plain.readBigInt64BE(16);
  if (digits !== SIGNIFICANT_DIGITS || lowest !== 1n) {
    throw corrupt(
      `it keeps ${digits} digits from ${String(lowest)}; only 3 digits from 1 can be read`,
    );
  }
  const payloadBytes = plain.readInt32BE(4);
  if (payloadBytes < 0 || HEADER_BYTES + payloadBytes > plain.length) {
    throw corrupt('its payload is cut off');
  }
  return histogramFromCounts(
    decodeCounts(plain.subarray(HEADER_BYTES, HEADER_BYTES + payloadBytes)),
    exact,
  );
}

function inflate(compressed: Buffer): Buffer {
  if (
    compressed.length < COMPRESSED_HEADER_BYTES ||
    compressed.readInt32BE(0) !== COMPRESSED_COOKIE
  ) {
    throw corrupt('it is not a compressed V2 histogram');
  }
  const length = compressed.readInt32BE(4);
  if (length < 0 || COMPRESSED_HEADER_BYTES + length > compressed.length) {
    throw corrupt('its compressed part is cut off');
  }
  const body = compressed.subarray(COMPRESSED_HEADER_BYTES, COMPRESSED_HEADER_BYTES + length);
  try {
    return inflateSync(body, { maxOutputLength: MAX_PLAIN_BYTES });
  } catch (cause) {
    throw corrupt('it cannot be inflated', cause);
  }
}

function encodeCounts(counts: Float64Array): Buffer {
  const end = counts.findLastIndex((count) => count !== 0) + 1;
  const bytes: number[] = [];
  let index = 0;
  while (index < end) {
    const count = counts[index] ?? 0;
    if (count !== 0) {
      index += 1;
      pushVarint(bytes, count * 2);
      continue;
    }
    const runStart = index;
    while (index < end && counts[index] === 0) index += 1;
    const zeros = index - runStart;
    // A single zero is written as the count 0, a longer run as its negated length (zigzag: odd).
    pushVarint(bytes, zeros === 1 ? 0 : zeros * 2 - 1);
  }
  return Buffer.from(bytes);
}

/** Little-endian base 128. Counts stay below 2^52, so the ninth byte, which would carry 8 bits, is never reached. */
function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function decodeCounts(payload: Buffer): Float64Array {
  const counts = new Float64Array(BUCKETS);
  let index = 0;
  let position = 0;
  while (position < payload.length) {
    let zigzag = 0n;
    let shift = 0n;
    for (;;) {
      const byte = payload[position];
      if (byte === undefined) throw corrupt('a count is cut off');
      position += 1;
      const isNinth = shift === 56n;
      zigzag |= BigInt(isNinth ? byte : byte & 127) << shift;
      if (isNinth || byte < 128) break;
      shift += 7n;
    }
    index = place(counts, index, zigzag);
  }
  return counts;
}

/** Stores a count or skips a run of zeros; returns the next index. */
function place(counts: Float64Array, index: number, zigzag: bigint): number {
  const value = Number(zigzag >> 1n);
  if (!Number.isSafeInteger(value)) throw corrupt('a count exceeds 2^53');
  if ((zigzag & 1n) === 1n) return index + value + 1;
  if (value !== 0 && index >= counts.length) throw corrupt('it holds values beyond 2^44 - 1');
  if (index < counts.length) counts[index] = value;
  return index + 1;
}

function corrupt(reason: string, cause?: unknown): BenchmarkError {
  return new BenchmarkError(
    'artifact-corrupt',
    `A stored histogram cannot be read: ${reason}. Measure the run again.`,
    { cause },
  );
}
