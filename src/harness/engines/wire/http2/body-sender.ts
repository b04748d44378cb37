// Request bodies against the server's windows. Nearly every body fits and leaves at once; one that does not waits here
// with what it has left, in order, and goes on as windows open or the socket drains.

import { int32At } from '../typed-access.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { PeerSettings } from './peer-settings.ts';
import { DEFAULT_WINDOW_BYTES, FLAG, FRAME, MAX_WINDOW_BYTES } from './protocol.ts';
import type { StreamTable } from './stream-table.ts';

/** Above this the slab waits for the socket: a peer that does not read must not fill our memory. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export class BodySender {
  readonly #streams: StreamTable;
  readonly #settings: PeerSettings;
  #connectionWindow = DEFAULT_WINDOW_BYTES;
  #waiting: number[] = [];

  constructor(streams: StreamTable, settings: PeerSettings) {
    this.#streams = streams;
    this.#settings = settings;
  }

  /** True when a body of this size may leave at once, in one frame; it is then taken from the windows. */
  takeWhole(slot: number, size: number): boolean {
    const window = this.#settings.initialWindowBytes;
    if (size > window || size > this.#connectionWindow || size > this.#settings.maxFrameBytes) {
      return false;
    }
    if (this.#waiting.length > 0) return false;
    this.#connectionWindow -= size;
    this.#streams.sendWindow[slot] = window - size;
    return true;
  }

  /** Sends the body of a stream just opened, with END_STREAM, or as much of it as may go. */
  send(slot: number, body: Buffer, output: OutputBuffer): void {
    const streams = this.#streams;
    streams.sendWindow[slot] = this.#settings.initialWindowBytes;
    streams.bodySent[slot] = 0;
    streams.unsentBody[slot] = body;
    if (!this.#advance(slot, body, output)) this.#waiting.push(slot);
  }

  isSending(slot: number): boolean {
    return (this.#streams.unsentBody[slot] ?? null) !== null;
  }

  /** The stream is over; what is unsent of its body stays unsent. */
  drop(slot: number): void {
    if (!this.isSending(slot)) return;
    this.#streams.unsentBody[slot] = null;
    this.#waiting = this.#waiting.filter((other) => other !== slot);
  }

  /** Lets waiting bodies go on; call after a window opened or the socket drained. */
  pump(output: OutputBuffer): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter((slot) => {
      const body = this.#streams.unsentBody[slot] ?? null;
      return body !== null && !this.#advance(slot, body, output);
    });
  }

  /** False when the window would pass 2^31-1 (RFC 9113, 6.9.1). */
  widenConnection(increment: number): boolean {
    this.#connectionWindow += increment;
    return this.#connectionWindow <= MAX_WINDOW_BYTES;
  }

  /** The same for a stream; `increment` is negative when the server lowered the initial window. */
  widenStream(slot: number, increment: number): boolean {
    const window = int32At(this.#streams.sendWindow, slot) + increment;
    if (window > MAX_WINDOW_BYTES) return false;
    this.#streams.sendWindow[slot] = window;
    return true;
  }

  /** True when the whole body is sent. */
  #advance(slot: number, body: Buffer, output: OutputBuffer): boolean {
    const streams = this.#streams;
    const id = int32At(streams.streamId, slot);
    let sent = int32At(streams.bodySent, slot);
    while (sent < body.length && output.length < MAX_BUFFERED_BYTES) {
      const size = Math.min(
        body.length - sent,
        int32At(streams.sendWindow, slot),
        this.#connectionWindow,
        this.#settings.maxFrameBytes,
        MAX_BUFFERED_BYTES,
      );
      if (size <= 0) break;
      const last = sent + size === body.length;
      output.appendFrameHeader(FRAME.data, last ? FLAG.endStream : 0, id, size);
      output.appendPart(body, sent, sent + size);
      sent += size;
      streams.sendWindow[slot] = int32At(streams.sendWindow, slot) - size;
      this.#connectionWindow -= size;
    }
    streams.bodySent[slot] = sent;
    if (sent < body.length) return false;
    streams.unsentBody[slot] = null;
    return true;
  }
}
