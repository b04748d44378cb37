// Reads of typed arrays in hot paths. The compiler cannot know that an index is in bounds; these say once that it is,
// and keep one array type per function so that the engine's loads stay monomorphic after inlining.

export function byteAt(bytes: Buffer, index: number): number {
  return bytes[index] ?? 0;
}

export function uint8At(array: Uint8Array, index: number): number {
  return array[index] ?? 0;
}

export function int32At(array: Int32Array, index: number): number {
  return array[index] ?? 0;
}

export function float64At(array: Float64Array, index: number): number {
  return array[index] ?? 0;
}

export function uint24At(bytes: Buffer, index: number): number {
  return (byteAt(bytes, index) << 16) | (byteAt(bytes, index + 1) << 8) | byteAt(bytes, index + 2);
}

/** Unsigned. */
export function uint32At(bytes: Buffer, index: number): number {
  return uint24At(bytes, index + 1) + byteAt(bytes, index) * 0x1000000;
}

/** HTTP/2 writes 31-bit numbers under a reserved bit, which is to be ignored (RFC 9113, 4.1 and 6.9). */
export function uint31At(bytes: Buffer, index: number): number {
  return ((byteAt(bytes, index) & 0x7f) << 24) | uint24At(bytes, index + 1);
}

/** The same bytes, for reads of whole words. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function writeUint24(bytes: Buffer, index: number, value: number): void {
  bytes[index] = value >>> 16;
  bytes[index + 1] = value >>> 8;
  bytes[index + 2] = value;
}

export function writeUint32(bytes: Buffer, index: number, value: number): void {
  bytes[index] = value >>> 24;
  writeUint24(bytes, index + 1, value);
}
