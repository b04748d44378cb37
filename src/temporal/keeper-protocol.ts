// What a keeper says to those who hold its server: one JSON object a line over a unix socket. They say nothing back:
// that the socket is open is what they have to say, and the kernel closes it however they die.

import type { Socket } from 'node:net';

export type KeeperMessage =
  | {
      readonly kind: 'ready';
      readonly address: string;
      readonly uiAddress: string;
      readonly temporalVersion: string;
    }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string };

const MAX_LINE_CHARS = 64 * 1024;

export function encodeMessage(message: KeeperMessage): string {
  return `${JSON.stringify(message)}\n`;
}

/** Calls `onMessage` for every whole line; what is not a message of ours is ignored. */
export function readMessages(socket: Socket, onMessage: (message: KeeperMessage) => void): void {
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    pending = (pending + chunk).slice(-MAX_LINE_CHARS);
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse(line);
      if (message !== null) onMessage(message);
    }
  });
}

function parse(line: string): KeeperMessage | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
    // Only a keeper of ours listens on that socket.
    return value as KeeperMessage;
  } catch {
    return null;
  }
}
