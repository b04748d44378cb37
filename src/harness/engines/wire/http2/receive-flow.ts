// How much the server may send. The engine takes every byte as it comes, so windows exist only to be large: they are
// opened wide at once and refilled when half is used, which keeps WINDOW_UPDATEs rare and the server never waiting.

import { int32At } from '../typed-access.ts';
import { frameFault } from './connection-fault.ts';
import type { Frame } from './frame.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { DEFAULT_WINDOW_BYTES, FRAME, H2_ERROR } from './protocol.ts';
import type { StreamTable } from './stream-table.ts';

export const STREAM_WINDOW_BYTES = 16 * 1024 * 1024;
export const CONNECTION_WINDOW_BYTES = 1024 * 1024 * 1024;

export class ReceiveFlow {
  readonly #streams: StreamTable;
  #connectionWindow = DEFAULT_WINDOW_BYTES;

  constructor(streams: StreamTable) {
    this.#streams = streams;
  }

  /** The early WINDOW_UPDATE, sent with the preface. */
  open(output: OutputBuffer): void {
    this.#refillConnection(output);
  }

  /** Counts a DATA frame, padding included, against the connection. Throws ConnectionFault. */
  takeFromConnection(frame: Frame, output: OutputBuffer): void {
    this.#connectionWindow -= frame.end - frame.start;
    if (this.#connectionWindow < 0) {
      throw frameFault(H2_ERROR.flowControlError, frame, "more than the connection's window");
    }
    if (this.#connectionWindow < CONNECTION_WINDOW_BYTES / 2) this.#refillConnection(output);
  }

  /** The same against the stream; `bytes` with padding. A stream that ends needs no refill. */
  takeFromStream(slot: number, bytes: number, output: OutputBuffer | null): boolean {
    const streams = this.#streams;
    const left = int32At(streams.receiveWindow, slot) - bytes;
    streams.receiveWindow[slot] = left;
    if (left < 0) return false;
    if (output !== null && left < STREAM_WINDOW_BYTES / 2) {
      const id = int32At(streams.streamId, slot);
      output.appendUint32Frame(FRAME.windowUpdate, id, STREAM_WINDOW_BYTES - left);
      streams.receiveWindow[slot] = STREAM_WINDOW_BYTES;
    }
    return true;
  }

  #refillConnection(output: OutputBuffer): void {
    const increment = CONNECTION_WINDOW_BYTES - this.#connectionWindow;
    output.appendUint32Frame(FRAME.windowUpdate, 0, increment);
    this.#connectionWindow = CONNECTION_WINDOW_BYTES;
  }
}
