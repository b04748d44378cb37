// HTTP/2 frames and HPACK fields as bytes, written out plainly and apart from the engine's own code, so that a shared
// mistake cannot hide.

export const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const END_STREAM = 0x1;
export const ACK = 0x1;
export const END_HEADERS = 0x4;
export const PADDED = 0x8;
export const PRIORITY = 0x20;

export interface TestFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, 4 * index));
  return bytes;
}

export function settings(entries: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * entries.length);
  entries.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  });
  return frame(TYPE.settings, 0, 0, payload);
}

export function rstStream(streamId: number, code: number): Buffer {
  return frame(TYPE.rstStream, 0, streamId, uint32(code));
}

export function goaway(lastStreamId: number, code = 0, debug = ''): Buffer {
  return frame(TYPE.goaway, 0, 0, Buffer.concat([uint32(lastStreamId, code), Buffer.from(debug)]));
}

export type Fields = Readonly<Record<string, string | number>>;

/** Literal fields without indexing, names and values as they are (shorter than 127 bytes each, or two-byte lengths). */
export function block(fields: Fields): Buffer {
  return Buffer.concat(
    Object.entries(fields).map(([name, value]) =>
      Buffer.concat([Buffer.of(0), text(name), text(String(value))]),
    ),
  );
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const rest = bytes.length - 127;
  return Buffer.concat([Buffer.of(127, (rest & 0x7f) | 0x80, rest >> 7), bytes]);
}

export const ANSWER_FIELDS: Fields = { ':status': 200, 'content-type': 'application/grpc' };

export function headers(streamId: number, fields: Fields = ANSWER_FIELDS): Buffer {
  return frame(TYPE.headers, END_HEADERS, streamId, block(fields));
}

export function trailers(streamId: number, fields: Fields = { 'grpc-status': 0 }): Buffer {
  return frame(TYPE.headers, END_HEADERS | END_STREAM, streamId, block(fields));
}

/** A message with gRPC's prefix. */
export function grpcMessage(payload: Uint8Array, flag = 0): Buffer {
  return Buffer.concat([Buffer.of(flag), uint32(payload.length), payload]);
}

export function data(streamId: number, payload: Uint8Array, flags = 0): Buffer {
  return frame(TYPE.data, flags, streamId, payload);
}

/** A WeaveResponse with this text (shorter than 128 bytes). */
export function weaveAnswer(content: string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.of(0x0a, bytes.length), bytes]);
}

/** A WeaveProgress with this partial content (shorter than 128 bytes). */
export function weaveProgress(content: string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.of(0x42, bytes.length), bytes]);
}

/** A whole unary answer: HEADERS, DATA, trailers. */
export function answer(
  streamId: number,
  content = 'a',
  end: Fields = { 'grpc-status': 0 },
): Buffer {
  return Buffer.concat([
    headers(streamId),
    data(streamId, grpcMessage(weaveAnswer(content))),
    trailers(streamId, end),
  ]);
}

/** Makes copies of an answer, each on another stream, without building it anew. */
export function onStream(whole: Buffer): (streamId: number) => Buffer {
  const offsets: number[] = [];
  let at = 0;
  for (const { payload } of parseFrames(whole).frames) {
    offsets.push(at + 5);
    at += 9 + payload.length;
  }
  return (streamId) => {
    const bytes = Buffer.from(whole);
    for (const offset of offsets) bytes.writeUInt32BE(streamId, offset);
    return bytes;
  };
}

/** Cuts bytes into whole frames and a rest. */
export function parseFrames(bytes: Buffer): { frames: TestFrame[]; rest: Buffer } {
  const frames: TestFrame[] = [];
  let at = 0;
  while (bytes.length - at >= 9) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    frames.push({
      type: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      streamId: bytes.readUInt32BE(at + 5) & 0x7fffffff,
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}
