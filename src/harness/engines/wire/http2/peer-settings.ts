// What the server said in its SETTINGS: checked, kept, and the changes named, because a change of the initial window
// moves every open stream's window (RFC 9113, 6.9.2).

import { byteAt, uint32At } from '../typed-access.ts';
import { frameFault } from './connection-fault.ts';
import type { Frame } from './frame.ts';
import {
  DEFAULT_HEADER_TABLE_BYTES,
  DEFAULT_MAX_FRAME_BYTES,
  DEFAULT_WINDOW_BYTES,
  FLAG,
  H2_ERROR,
  MAX_WINDOW_BYTES,
  SETTING,
} from './protocol.ts';

const ENTRY_BYTES = 6;
/** More entries than any implementation sends; a bound on the work that one frame can cause. */
const MAX_ENTRIES = 64;
const LARGEST_FRAME_BYTES = 0xffffff;

export class PeerSettings {
  /** null: the server set no limit. */
  maxConcurrentStreams: number | null = null;
  initialWindowBytes = DEFAULT_WINDOW_BYTES;
  maxFrameBytes = DEFAULT_MAX_FRAME_BYTES;
  headerTableBytes = DEFAULT_HEADER_TABLE_BYTES;
  /** The smallest header table size of the last frame: the encoder has to pass through it. */
  smallestHeaderTableBytes = DEFAULT_HEADER_TABLE_BYTES;

  /** Applies a SETTINGS frame that is no acknowledgement. Throws ConnectionFault. */
  apply(frame: Frame): void {
    const size = frame.end - frame.start;
    if (size % ENTRY_BYTES !== 0) {
      throw frameFault(H2_ERROR.frameSizeError, frame, 'not a multiple of 6 bytes');
    }
    if (size > MAX_ENTRIES * ENTRY_BYTES) {
      throw frameFault(H2_ERROR.enhanceYourCalm, frame, `more than ${MAX_ENTRIES} settings`);
    }
    this.smallestHeaderTableBytes = this.headerTableBytes;
    for (let at = frame.start; at < frame.end; at += ENTRY_BYTES) {
      const id = (byteAt(frame.bytes, at) << 8) | byteAt(frame.bytes, at + 1);
      this.#set(id, uint32At(frame.bytes, at + 2), frame);
    }
  }

  #set(id: number, value: number, frame: Frame): void {
    switch (id) {
      case SETTING.headerTableSize:
        this.headerTableBytes = value;
        this.smallestHeaderTableBytes = Math.min(this.smallestHeaderTableBytes, value);
        return;
      case SETTING.enablePush:
        if (value > 1) throw frameFault(H2_ERROR.protocolError, frame, `ENABLE_PUSH ${value}`);
        return;
      case SETTING.maxConcurrentStreams:
        this.maxConcurrentStreams = value;
        return;
      case SETTING.initialWindowSize:
        if (value > MAX_WINDOW_BYTES) {
          throw frameFault(H2_ERROR.flowControlError, frame, `INITIAL_WINDOW_SIZE ${value}`);
        }
        this.initialWindowBytes = value;
        return;
      case SETTING.maxFrameSize:
        if (value < DEFAULT_MAX_FRAME_BYTES || value > LARGEST_FRAME_BYTES) {
          throw frameFault(H2_ERROR.protocolError, frame, `MAX_FRAME_SIZE ${value}`);
        }
        this.maxFrameBytes = value;
        return;
      default: // Unknown settings are to be ignored (6.5.2).
    }
  }
}

export function isAck(frame: Frame): boolean {
  return (frame.flags & FLAG.ack) !== 0;
}
