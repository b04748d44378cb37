// The first bytes of a connection: preface and our SETTINGS, the same for every connection.

import { writeUint32 } from '../typed-access.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { CLIENT_PREFACE, FRAME, SETTING } from './protocol.ts';
import { STREAM_WINDOW_BYTES } from './receive-flow.ts';

/** Bound on a header block, coded and decoded alike. */
export const MAX_HEADER_BLOCK_BYTES = 64 * 1024;

const SETTINGS: readonly (readonly [id: number, value: number])[] = [
  // Without a table the server's blocks carry no state: equal bytes then mean equal headers, and need no decoding.
  [SETTING.headerTableSize, 0],
  [SETTING.enablePush, 0],
  [SETTING.initialWindowSize, STREAM_WINDOW_BYTES],
  [SETTING.maxHeaderListSize, MAX_HEADER_BLOCK_BYTES],
];

export function appendClientGreeting(output: OutputBuffer): void {
  const payload = Buffer.alloc(SETTINGS.length * 6);
  SETTINGS.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, index * 6);
    writeUint32(payload, index * 6 + 2, value);
  });
  output.append(CLIENT_PREFACE);
  output.appendFrameHeader(FRAME.settings, 0, 0, payload.length);
  output.append(payload);
}
