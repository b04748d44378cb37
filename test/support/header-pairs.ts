// Header fields as pairs of text, for tests of HPACK.

import type { HeaderField, HpackDecoder } from '../../src/harness/engines/wire/hpack/decoder.ts';

export type HeaderPairs = readonly (readonly [string, string])[];

/** Decodes the bytes surrounded by others, as in a read, so that a wrong offset shows. */
export function decodedPairs(decoder: HpackDecoder, bytes: Buffer): HeaderPairs {
  const pairs: [string, string][] = [];
  const surrounded = Buffer.concat([Buffer.of(0xff, 0xff), bytes, Buffer.of(0xff, 0xff)]);
  decoder.decode(surrounded, 2, 2 + bytes.length, {
    onField: (field: HeaderField) => {
      pairs.push([
        field.name.toString('latin1', field.nameStart, field.nameEnd),
        field.value.toString('latin1', field.valueStart, field.valueEnd),
      ]);
    },
  });
  return pairs;
}
