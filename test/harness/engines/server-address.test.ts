import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatServerAddress,
  parseServerAddress,
} from '../../../src/harness/engines/server-address.ts';

describe('server address', () => {
  it('reads host:port, bracketed IPv6 and unix sockets, and writes them back', () => {
    for (const [text, address] of [
      ['localhost:60051', { kind: 'tcp', host: 'localhost', port: 60051 }],
      ['127.0.0.1:1', { kind: 'tcp', host: '127.0.0.1', port: 1 }],
      ['[::1]:65535', { kind: 'tcp', host: '::1', port: 65535 }],
      ['unix:/run/loom.sock', { kind: 'unix', path: '/run/loom.sock' }],
    ] as const) {
      assert.deepEqual(parseServerAddress(text), address);
      assert.equal(formatServerAddress(parseServerAddress(text)), text);
    }
    assert.deepEqual(parseServerAddress('unix:///run/loom.sock'), {
      kind: 'unix',
      path: '/run/loom.sock',
    });
  });

  it('says what is wrong with an address that cannot be one', () => {
    for (const [text, words] of [
      ['::1', /brackets.*\[::1\]/],
      ['::1:60051', /brackets/],
      ['[::1]', /port is missing/],
      ['[localhost]:1', /not an IPv6 address/],
      ['localhost', /port is missing/],
      ['localhost:', /port is missing/],
      ['localhost:0', /1 to 65535/],
      ['localhost:65536', /1 to 65535/],
      ['localhost:abc', /1 to 65535/],
      ['http://localhost:1', /scheme/],
      [':60051', /host is missing/],
      ['a b:1', /host/],
      ['fe80:1:2', /colons/],
      ['unix:relative.sock', /absolute path/],
      ['', /host is missing/],
    ] as const) {
      assert.throws(
        () => parseServerAddress(text),
        (thrown: unknown) => {
          assert(thrown instanceof Error);
          assert.equal('code' in thrown && thrown.code, 'config-invalid');
          assert.match(thrown.message, words, text);
          return true;
        },
      );
    }
  });
});
