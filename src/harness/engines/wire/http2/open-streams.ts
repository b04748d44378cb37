// The open streams of one connection: their ids, windows and unsent bodies. Separate from the connection so that what a
// frame means and what a stream holds can be read apart.

import type { HeaderList } from '../hpack/encoder.ts';
import { int32At } from '../typed-access.ts';
import { BodySender } from './body-sender.ts';
import { frameFault } from './connection-fault.ts';
import type { StreamSink } from './connection-ports.ts';
import type { Frame } from './frame.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { PeerSettings } from './peer-settings.ts';
import { FRAME, H2_ERROR } from './protocol.ts';
import { ReceiveFlow, STREAM_WINDOW_BYTES } from './receive-flow.ts';
import { RequestBlocks } from './request-blocks.ts';
import { StreamRing } from './stream-ring.ts';
import { NO_CONNECTION, type StreamTable } from './stream-table.ts';

export interface OpenStreamsOptions<Headers> {
  readonly id: number;
  readonly streams: StreamTable;
  readonly sink: StreamSink<Headers>;
  readonly firstStreamId?: number;
}

export class OpenStreams<Headers> {
  readonly receive: ReceiveFlow;
  readonly bodies: BodySender;
  readonly requests = new RequestBlocks();
  readonly #connectionId: number;
  readonly #table: StreamTable;
  readonly #sink: StreamSink<Headers>;
  readonly #ring: StreamRing;

  constructor(options: OpenStreamsOptions<Headers>, settings: PeerSettings) {
    this.#connectionId = options.id;
    this.#table = options.streams;
    this.#sink = options.sink;
    this.#ring = new StreamRing(options.firstStreamId);
    this.receive = new ReceiveFlow(options.streams);
    this.bodies = new BodySender(options.streams, settings);
  }

  get count(): number {
    return this.#ring.live;
  }

  get idsExhausted(): boolean {
    return this.#ring.exhausted;
  }

  open(slot: number, headers: HeaderList, body: Buffer, output: OutputBuffer): void {
    const id = this.#ring.open(slot);
    const table = this.#table;
    table.streamId[slot] = id;
    table.connection[slot] = this.#connectionId;
    table.receiveWindow[slot] = STREAM_WINDOW_BYTES;
    const frames = this.requests.framesFor(headers, id);
    const joined = this.requests.joined(frames, body);
    if (joined !== null && this.bodies.takeWhole(slot, body.length)) {
      output.appendRequest(joined, frames.length, id);
      return;
    }
    output.appendForStream(frames, id);
    this.bodies.send(slot, body, output);
  }

  close(slot: number): void {
    const table = this.#table;
    this.bodies.drop(slot);
    this.#ring.close(int32At(table.streamId, slot));
    table.connection[slot] = NO_CONNECTION;
    table.streamId[slot] = 0;
  }

  sendReset(slot: number, code: number, output: OutputBuffer): void {
    output.appendUint32Frame(FRAME.rstStream, int32At(this.#table.streamId, slot), code);
  }

  /** -1 for a stream that is over on our side. Throws for one that never was. */
  slotOf(frame: Frame): number {
    const slot = this.#ring.slotOf(frame.streamId);
    if (slot < 0 && this.#ring.isIdle(frame.streamId)) {
      throw frameFault(H2_ERROR.protocolError, frame, 'a stream that was never opened');
    }
    return slot;
  }

  /** The server changed its initial window by `delta`. Throws ConnectionFault. */
  shiftWindows(delta: number, frame: Frame): void {
    if (delta === 0) return;
    const { connection, capacity } = this.#table;
    for (let slot = 0; slot < capacity; slot += 1) {
      if (int32At(connection, slot) !== this.#connectionId) continue;
      if (!this.bodies.widenStream(slot, delta)) {
        throw frameFault(H2_ERROR.flowControlError, frame, 'a window beyond 2^31-1');
      }
    }
  }

  /** The sink may start the slot again at once, but never on this connection: it takes no streams any more. */
  loseAbove(lastId: number, reason: string): void {
    const table = this.#table;
    for (let slot = 0; slot < table.capacity; slot += 1) {
      if (int32At(table.connection, slot) !== this.#connectionId) continue;
      if (int32At(table.streamId, slot) <= lastId) continue;
      this.#sink.onLost(slot, reason);
    }
  }
}
