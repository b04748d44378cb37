import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readServerRecord, serverPaths } from '../../src/temporal/server-state.ts';

describe('the places of an embedded server', () => {
  it('are in the state directory, and the socket elsewhere only when its path would not fit', () => {
    assert.equal(serverPaths('/s').socket, '/s/server.sock');
    const long = `/${'d'.repeat(200)}`;
    const { socket, database } = serverPaths(long);
    assert.ok(Buffer.byteLength(socket) <= 100, socket);
    assert.ok(database.startsWith(long));
    assert.notEqual(socket, serverPaths(`${long}e`).socket);
    assert.equal(socket, serverPaths(`${long}/`).socket);
  });

  it('do not trust a record that is torn, old or of another kind', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'loombench-record-'));
    const path = join(directory, 'server.json');
    assert.equal(await readServerRecord(path), null);
    for (const text of [
      '',
      '{"version":1',
      '[]',
      '7',
      '{"version":2}',
      '{"version":1,"temporalPid":"x"}',
    ]) {
      writeFileSync(path, text);
      assert.equal(await readServerRecord(path), null, text);
    }
    rmSync(directory, { recursive: true });
  });
});
