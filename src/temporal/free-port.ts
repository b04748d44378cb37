// Ports on the loopback address for a server that is about to start.

import { createServer, type AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/** The first of `preferred` that is free and not in `taken`, else one that the system picks. */
export async function choosePort(
  preferred: readonly number[],
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  for (const port of preferred) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  return anyFreePort();
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

async function anyFreePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === null) throw new Error('the system has no free port on 127.0.0.1');
  return port;
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, HOST, () => {
      // A listening TCP server has an AddressInfo, never a path.
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}
