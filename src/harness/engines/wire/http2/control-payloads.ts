// The small control frames: their payloads, checked as RFC 9113 section 6 demands. All throw ConnectionFault.

import { uint31At, uint32At } from '../typed-access.ts';
import { frameFault } from './connection-fault.ts';
import type { Frame } from './frame.ts';
import { errorName, H2_ERROR } from './protocol.ts';

const MAX_DEBUG_TEXT_CHARS = 200;
const GOAWAY_MIN_BYTES = 8;

export function requireSize(frame: Frame, bytes: number): void {
  if (frame.end - frame.start !== bytes) {
    throw frameFault(H2_ERROR.frameSizeError, frame, `must have ${bytes} bytes`);
  }
}

export function requireConnection(frame: Frame): void {
  if (frame.streamId !== 0) throw frameFault(H2_ERROR.protocolError, frame, 'belongs to stream 0');
}

export function requireStream(frame: Frame): void {
  if (frame.streamId === 0) throw frameFault(H2_ERROR.protocolError, frame, 'belongs to a stream');
}

export function resetCode(frame: Frame): number {
  requireStream(frame);
  requireSize(frame, 4);
  return uint32At(frame.bytes, frame.start);
}

/** 0 is possible: an error whose reach depends on the stream. */
export function windowIncrement(frame: Frame): number {
  requireSize(frame, 4);
  return uint31At(frame.bytes, frame.start);
}

export interface Goaway {
  readonly lastStreamId: number;
  /** Error name and the server's debug text, for status messages. */
  readonly reason: string;
}

export function goawayOf(frame: Frame): Goaway {
  requireConnection(frame);
  const { bytes, start, end } = frame;
  if (end - start < GOAWAY_MIN_BYTES) {
    throw frameFault(H2_ERROR.frameSizeError, frame, 'shorter than 8 bytes');
  }
  const from = start + GOAWAY_MIN_BYTES;
  const text = bytes.toString('utf8', from, Math.min(end, from + MAX_DEBUG_TEXT_CHARS));
  const name = errorName(uint32At(bytes, start + 4));
  const reason = text === '' ? name : `${name}, "${text}"`;
  return { lastStreamId: uint31At(bytes, start), reason };
}
