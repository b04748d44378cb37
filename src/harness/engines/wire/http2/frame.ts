// A frame as the layers pass it: a view into the bytes that were read.

/** One frame; its payload is `bytes[start…end)`. Reused: read it during the callback, never keep it. */
export interface Frame {
  type: number;
  flags: number;
  streamId: number;
  bytes: Buffer;
  start: number;
  end: number;
}
