import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressProblem } from '../../src/config/address.ts';

describe('the address of a server', () => {
  for (const address of [
    '',
    'localhost:60051',
    '10.0.0.1:1',
    '[::1]:60051',
    '[fe80::1%eth0]:443',
    'unix:/run/a.sock',
    'a-b.example:65535',
  ]) {
    it(`accepts ${JSON.stringify(address)}`, () => {
      assert.equal(addressProblem(address), null);
    });
  }

  for (const [address, hint] of [
    ['::1', /brackets.*\[::1\]:60051/],
    ['::1:50051', /brackets.*\[::1\]:50051/],
    ['fe80::1:443', /brackets/],
    ['localhost', /host:port/],
    ['localhost:', /host:port/],
    [':60051', /host:port/],
    ['localhost:0', /between 1 and 65535/],
    ['localhost:65536', /between 1 and 65535/],
    ['[::1]', /\[address\]:port/],
    ['http://localhost:60051', /scheme/],
    ['local host:1', /spaces/],
    ['unix:', /path/],
    ['host:1/path', /host:port/],
  ] as const) {
    it(`refuses ${JSON.stringify(address)} and says what to write`, () => {
      assert.match(addressProblem(address)?.hint ?? '', hint);
    });
  }
});
