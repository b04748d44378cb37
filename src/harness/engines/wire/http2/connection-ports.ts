// What a connection needs from the layers around it.

import type { Socket } from 'node:net';
import type { Frame } from './frame.ts';
import type { HeaderBlock } from './header-assembler.ts';
import type { StreamTable } from './stream-table.ts';

/** Turns a header block into what the layer above wants of it. Called for every block, as HPACK has state. */
export interface BlockReader<Headers> {
  /** Throws HpackError. */
  read(block: HeaderBlock): Headers;
  /** The server accepted our SETTINGS. */
  settingsAcknowledged(): void;
}

/**
 * What streams carry. After `endStream` and after any of the last three the stream is over; the sink then calls
 * `release` on the connection, except after onStreamFault, where the connection has done so.
 */
export interface StreamSink<Headers> {
  onHeaders(slot: number, headers: Headers, endStream: boolean): void;
  /** The content, without padding, is `frame.bytes[frame.start…frame.end)`. */
  onData(slot: number, frame: Frame, endStream: boolean): void;
  onReset(slot: number, code: number): void;
  /** The server broke the protocol on this stream alone; it was reset by us. */
  onStreamFault(slot: number, reason: string): void;
  /** The connection is gone, or the server said that it never processed the stream. */
  onLost(slot: number, reason: string): void;
}

/** What becomes of connections, by their ids. */
export interface ConnectionEvents {
  /** The server's SETTINGS came: streams may be opened. */
  onReady(id: number): void;
  /** No further stream can be opened; open ones go on. */
  onDraining(id: number): void;
  /** Over; the streams hear of it right after this. */
  onClosed(id: number, reason: string): void;
  /** More streams may be opened than before. */
  onCapacity(id: number): void;
}

export interface ConnectionOptions<Headers> {
  /** Positive, unique within the stream table. */
  readonly id: number;
  readonly socket: Socket;
  readonly streams: StreamTable;
  readonly blocks: BlockReader<Headers>;
  readonly sink: StreamSink<Headers>;
  readonly events: ConnectionEvents;
  /** For tests of the end of the id space. */
  readonly firstStreamId?: number;
}
