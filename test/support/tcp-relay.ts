// A TCP relay in front of a server, to cut connections as a crash or a broken cable does.

import { connect, createServer, type Socket } from 'node:net';

export interface TcpRelay {
  readonly address: string;
  /** Resets every connection and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  /** Leaves the connections that are open now half open: nothing passes and nothing is said. New ones work. */
  freeze(): void;
  close(): void;
}

export async function startRelay(port: number): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((inner) => {
    if (!open) {
      inner.resetAndDestroy();
      return;
    }
    const outer = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const cut = (): void => {
    open = false;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    address: `127.0.0.1:${address.port}`,
    cut,
    restore: () => (open = true),
    freeze: () => {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
