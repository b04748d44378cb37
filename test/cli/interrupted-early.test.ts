// Ctrl-C before a command has asked anything of the server says that nothing came of it.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { startCli } from '../support/cli-process.ts';

let cwd = '';
let address = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'loombench-early-'));
  // Every connection ends at once, which is a server that does not answer yet.
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.unref();
});
after(() => rm(cwd, { recursive: true, force: true }));

for (const args of [
  ['run', 'quick'],
  ['suite', 'all'],
  ['cancel', 'x'],
  ['schedule', 'list'],
]) {
  it(`loombench ${args.join(' ')}, interrupted while it connects, says that nothing was started`, async () => {
    const command = startCli(args, { cwd, env: { TEMPORAL_ADDRESS: address } });
    await command.said(/No Temporal server answers/);
    command.kill('SIGINT');
    const { exitCode, stderr } = await command.ended;
    assert.equal(exitCode, 130);
    assert.match(stderr, /^Interrupted .*: nothing was started or changed\.$/m);
  });
}
