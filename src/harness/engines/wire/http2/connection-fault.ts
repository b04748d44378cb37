// A peer that breaks the protocol: the end of its connection, said in words that name the frame.

import { frameName } from './protocol.ts';
import type { Frame } from './frame.ts';

/** Ends a connection. `code` goes into our GOAWAY, the message into the status of every call that was lost. */
export class ConnectionFault extends Error {
  override readonly name = 'ConnectionFault';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A fault in one frame: "DATA frame on stream 5 (12 bytes): …". */
export function frameFault(code: number, frame: Frame, reason: string): ConnectionFault {
  const place = frame.streamId === 0 ? 'on the connection' : `on stream ${frame.streamId}`;
  const size = frame.end - frame.start;
  return new ConnectionFault(
    code,
    `${frameName(frame.type)} frame ${place} (${size} bytes): ${reason}`,
  );
}
