// One HTTP/2 connection, client side: which frame means what. It knows nothing of gRPC; what a stream carries goes to a
// StreamSink, what becomes of the connection to ConnectionEvents.

import { HpackError } from '../hpack/decoder.ts';
import type { HeaderList } from '../hpack/encoder.ts';
import { appendClientGreeting, MAX_HEADER_BLOCK_BYTES } from './client-greeting.ts';
import { ConnectionFault, frameFault } from './connection-fault.ts';
import type {
  BlockReader,
  ConnectionEvents,
  ConnectionOptions,
  StreamSink,
} from './connection-ports.ts';
import {
  goawayOf,
  requireConnection,
  requireSize,
  requireStream,
  resetCode,
  windowIncrement,
} from './control-payloads.ts';
import { refuseForeignPeer } from './foreign-peer.ts';
import type { Frame } from './frame.ts';
import { FrameReader, type FrameSink } from './frame-reader.ts';
import { HeaderAssembler, type HeaderBlock, stripPadding } from './header-assembler.ts';
import { OpenStreams } from './open-streams.ts';
import { isAck, PeerSettings } from './peer-settings.ts';
import { DEFAULT_MAX_FRAME_BYTES, FLAG, FRAME, H2_ERROR } from './protocol.ts';
import { SocketWriter } from './socket-writer.ts';

export type ConnectionState = 'opening' | 'open' | 'draining' | 'closed';

const PING_BYTES = 8;
/** Answers to PING and SETTINGS that one turn may owe; more is a flood. */
const MAX_ANSWERS_PER_TURN = 1000;
/** With so much unsent, opening streams has to wait for the socket. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const PROBE = Buffer.from('loom-hb?', 'latin1');

export class Connection<Headers> implements FrameSink {
  readonly id: number;
  readonly blocks: BlockReader<Headers>;
  readonly settings = new PeerSettings();
  readonly #sink: StreamSink<Headers>;
  readonly #events: ConnectionEvents;
  readonly #reader = new FrameReader(this, DEFAULT_MAX_FRAME_BYTES);
  readonly #assembler = new HeaderAssembler(MAX_HEADER_BLOCK_BYTES);
  readonly #writer: SocketWriter;
  readonly #streams: OpenStreams<Headers>;
  #state: ConnectionState = 'opening';
  #answersOwed = 0;
  #streamsServed = 0;
  #lastReadNs = 0;
  #probing = false;

  constructor(options: ConnectionOptions<Headers>) {
    this.id = options.id;
    this.blocks = options.blocks;
    this.#sink = options.sink;
    this.#events = options.events;
    this.#writer = new SocketWriter(options.socket, () => this.#onDrained());
    this.#streams = new OpenStreams(options, this.settings);
    appendClientGreeting(this.#writer.output);
    this.#streams.receive.open(this.#writer.output);
    this.flush();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get openStreams(): number {
    return this.#streams.count;
  }

  /** Streams that the server ended with an answer. */
  get streamsServed(): number {
    return this.#streamsServed;
  }

  /** Clock value of the last read; 0 before the first. */
  get lastReadNs(): number {
    return this.#lastReadNs;
  }

  get hasCapacity(): boolean {
    return (
      this.#state === 'open' &&
      this.#streams.count < (this.settings.maxConcurrentStreams ?? Infinity) &&
      this.#writer.output.length < MAX_UNSENT_BYTES
    );
  }

  /** Opens a stream for the slot and sends headers and body. Only while `hasCapacity`. */
  openStream(slot: number, headers: HeaderList, body: Buffer): void {
    this.#streams.open(slot, headers, body, this.#writer.output);
    if (this.#streams.idsExhausted) this.#drain();
  }

  /** Ends the slot's stream on this side; what the server still sends for it is ignored. */
  resetStream(slot: number, code: number): void {
    this.#streams.sendReset(slot, code, this.#writer.output);
    this.#free(slot);
  }

  /** The server ended the slot's stream. An unsent rest of the request is called off. */
  release(slot: number): void {
    if (this.#streams.bodies.isSending(slot)) this.resetStream(slot, H2_ERROR.noError);
    else this.#free(slot);
  }

  /** Bytes of the socket, in the buffer of its onread. */
  receive(bytes: Buffer, length: number, nowNs: number): void {
    if (this.#state === 'closed') return;
    try {
      if (this.#lastReadNs === 0) refuseForeignPeer(bytes, length);
      this.#lastReadNs = nowNs;
      this.#probing = false;
      this.#reader.push(bytes, length);
    } catch (thrown) {
      if (!(thrown instanceof ConnectionFault)) throw thrown;
      this.#writer.output.appendGoaway(thrown.code);
      this.flush();
      this.lose(`the server broke HTTP/2: ${thrown.message}`);
    }
  }

  flush(): void {
    if (this.#writer.flush()) this.#answersOwed = 0;
  }

  /** A sign of life was asked for and none came yet. */
  get probing(): boolean {
    return this.#probing;
  }

  /** Asks for a sign of life, for which any read counts; false when it is asked already. */
  startProbe(): boolean {
    if (this.#probing || this.#state === 'closed') return false;
    this.#probing = true;
    const output = this.#writer.output;
    output.appendFrameHeader(FRAME.ping, 0, 0, PING_BYTES);
    output.append(PROBE);
    return true;
  }

  /** The connection is over, for the reason given: every open stream hears of it. */
  lose(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#reader.stop();
    this.#events.onClosed(this.id, reason);
    this.#streams.loseAbove(0, reason);
    this.#writer.hangUp();
  }

  /** Takes no further stream; says goodbye when the last one is done. */
  retire(): void {
    this.#drain();
    this.#closeIfIdle();
  }

  onFrame(frame: Frame): void {
    if (this.#state === 'opening' && frame.type !== FRAME.settings) {
      throw frameFault(H2_ERROR.protocolError, frame, 'came before the first SETTINGS');
    }
    if (this.#assembler.continuing) {
      this.#onBlock(this.#assembler.proceed(frame), frame);
      return;
    }
    switch (frame.type) {
      case FRAME.data:
        this.#onData(frame);
        return;
      case FRAME.headers:
        requireStream(frame);
        this.#onBlock(this.#assembler.begin(frame), frame);
        return;
      case FRAME.continuation:
        throw frameFault(H2_ERROR.protocolError, frame, 'without a header block to continue');
      case FRAME.pushPromise:
        throw frameFault(H2_ERROR.protocolError, frame, 'pushes were refused in our SETTINGS');
      default:
        this.#onControl(frame);
    }
  }

  #onControl(frame: Frame): void {
    switch (frame.type) {
      case FRAME.rstStream:
        this.#onReset(frame);
        return;
      case FRAME.settings:
        this.#onSettings(frame);
        return;
      case FRAME.ping:
        this.#onPing(frame);
        return;
      case FRAME.goaway:
        this.#onGoaway(frame);
        return;
      case FRAME.windowUpdate:
        this.#onWindowUpdate(frame);
        return;
      default: // PRIORITY says nothing to a client; unknown types are to be ignored (4.1).
    }
  }

  #onData(frame: Frame): void {
    requireStream(frame);
    const output = this.#writer.output;
    this.#streams.receive.takeFromConnection(frame, output);
    const size = frame.end - frame.start;
    stripPadding(frame);
    const slot = this.#streams.slotOf(frame);
    if (slot < 0) return;
    const endStream = (frame.flags & FLAG.endStream) !== 0;
    if (!this.#streams.receive.takeFromStream(slot, size, endStream ? null : output)) {
      throw frameFault(H2_ERROR.flowControlError, frame, "more than the stream's window");
    }
    if (endStream) this.#streamsServed += 1;
    this.#sink.onData(slot, frame, endStream);
  }

  #onBlock(block: HeaderBlock | null, frame: Frame): void {
    if (block === null) return;
    const headers = this.#readBlock(block, frame);
    const slot = this.#streams.slotOf(frame);
    if (slot < 0) return;
    if (block.endStream) this.#streamsServed += 1;
    this.#sink.onHeaders(slot, headers, block.endStream);
  }

  #readBlock(block: HeaderBlock, frame: Frame): Headers {
    try {
      return this.blocks.read(block);
    } catch (thrown) {
      if (!(thrown instanceof HpackError)) throw thrown;
      throw frameFault(H2_ERROR.compressionError, frame, thrown.message);
    }
  }

  #onReset(frame: Frame): void {
    const code = resetCode(frame);
    const slot = this.#streams.slotOf(frame);
    if (slot >= 0) this.#sink.onReset(slot, code);
  }

  #onSettings(frame: Frame): void {
    requireConnection(frame);
    if (isAck(frame)) {
      requireSize(frame, 0);
      this.blocks.settingsAcknowledged();
      return;
    }
    const before = this.settings.initialWindowBytes;
    this.settings.apply(frame);
    this.#streams.requests.onSettings(this.settings);
    this.#answer(frame);
    this.#writer.output.appendFrameHeader(FRAME.settings, FLAG.ack, 0, 0);
    this.#streams.shiftWindows(this.settings.initialWindowBytes - before, frame);
    this.#streams.bodies.pump(this.#writer.output);
    if (this.#state === 'opening') {
      this.#state = 'open';
      this.#events.onReady(this.id);
    } else {
      this.#events.onCapacity(this.id);
    }
  }

  #onPing(frame: Frame): void {
    requireConnection(frame);
    requireSize(frame, PING_BYTES);
    if (isAck(frame)) return;
    this.#answer(frame);
    const output = this.#writer.output;
    output.appendFrameHeader(FRAME.ping, FLAG.ack, 0, PING_BYTES);
    output.appendPart(frame.bytes, frame.start, frame.end);
  }

  #answer(frame: Frame): void {
    this.#answersOwed += 1;
    if (this.#answersOwed > MAX_ANSWERS_PER_TURN) {
      throw frameFault(
        H2_ERROR.enhanceYourCalm,
        frame,
        `a flood: ${this.#answersOwed} to answer at once`,
      );
    }
  }

  #onGoaway(frame: Frame): void {
    const { lastStreamId, reason } = goawayOf(frame);
    this.#drain();
    this.#streams.loseAbove(lastStreamId, `not processed: the server sent GOAWAY (${reason})`);
    this.#closeIfIdle();
  }

  #onWindowUpdate(frame: Frame): void {
    const increment = windowIncrement(frame);
    if (frame.streamId === 0) {
      if (increment === 0) throw frameFault(H2_ERROR.protocolError, frame, 'an increment of 0');
      if (!this.#streams.bodies.widenConnection(increment)) {
        throw frameFault(H2_ERROR.flowControlError, frame, 'a window beyond 2^31-1');
      }
    } else if (!this.#widenStream(frame, increment)) {
      return;
    }
    this.#streams.bodies.pump(this.#writer.output);
  }

  #widenStream(frame: Frame, increment: number): boolean {
    const slot = this.#streams.slotOf(frame);
    if (slot < 0) return false;
    if (increment > 0 && this.#streams.bodies.widenStream(slot, increment)) return true;
    const fault = increment === 0 ? 'an increment of 0' : 'a window beyond 2^31-1';
    const code = increment === 0 ? H2_ERROR.protocolError : H2_ERROR.flowControlError;
    const { message } = frameFault(code, frame, fault);
    this.resetStream(slot, code);
    this.#sink.onStreamFault(slot, message);
    return false;
  }

  #drain(): void {
    if (this.#state !== 'open') return;
    this.#state = 'draining';
    this.#events.onDraining(this.id);
  }

  #closeIfIdle(): void {
    if (this.#state !== 'draining' || this.#streams.count > 0) return;
    this.#writer.output.appendGoaway(H2_ERROR.noError);
    this.flush();
    this.lose('retired');
  }

  #free(slot: number): void {
    this.#streams.close(slot);
    if (this.#state === 'open') this.#events.onCapacity(this.id);
    else this.#closeIfIdle();
  }

  #onDrained(): void {
    this.#streams.bodies.pump(this.#writer.output);
    this.flush();
    if (this.#state === 'open') this.#events.onCapacity(this.id);
  }
}
