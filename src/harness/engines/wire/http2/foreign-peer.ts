// What answers when it is not an HTTP/2 server: recognised by its first bytes, so that the error names the cause instead
// of a strange frame.

import { ConnectionFault } from './connection-fault.ts';
import { H2_ERROR } from './protocol.ts';

const TLS_RECORD_TYPES = new Set([0x15, 0x16]);
const FIRST_LINE_CHARS = 80;

/** Throws ConnectionFault when the first bytes of a connection cannot be HTTP/2. */
export function refuseForeignPeer(bytes: Buffer, length: number): void {
  const foreign = describeForeignPeer(bytes, length);
  if (foreign !== null) throw new ConnectionFault(H2_ERROR.protocolError, foreign);
}

/** A sentence about the peer, or null. */
function describeForeignPeer(bytes: Buffer, length: number): string | null {
  const text = bytes.toString('latin1', 0, Math.min(length, FIRST_LINE_CHARS));
  if (text.startsWith('HTTP/')) {
    const line = text.split('\r\n', 1)[0] ?? '';
    return `the server speaks HTTP/1, not HTTP/2: it answered "${line}"`;
  }
  if (TLS_RECORD_TYPES.has(bytes[0] ?? 0) && bytes[1] === 3) {
    return 'the server expects TLS, the connection is plaintext: configure tls';
  }
  return null;
}
