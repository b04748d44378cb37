import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leaseIdOf, waitingForTargetText } from '../../src/contract/target-lease.ts';

describe('the lease of a target', () => {
  it('is one for all spellings of a host itself, and one per host', () => {
    const spellings = ['localhost:50051', 'LOCALHOST:50051', '127.0.0.1:50051', '[::1]:50051'];
    const leases = new Set(spellings.map((address) => leaseIdOf(address, 'host-a')));
    assert.equal(leases.size, 1);
    assert.notEqual(leaseIdOf('localhost:50051', 'host-b'), leaseIdOf('localhost:50051', 'host-a'));
    assert.notEqual(leaseIdOf('localhost:50052', 'host-a'), leaseIdOf('localhost:50051', 'host-a'));
  });

  it('is the same from every host for a target that all can reach', () => {
    const fromA = leaseIdOf('Loom.example:60051', 'host-a');
    assert.equal(fromA, leaseIdOf('loom.example:60051', 'host-b'));
    assert.notEqual(fromA, leaseIdOf('loom.example:60052', 'host-a'));
  });

  it('is one per socket file of a host, whose name is taken as it is written', () => {
    assert.notEqual(leaseIdOf('unix:/run/A', 'host-a'), leaseIdOf('unix:/run/a', 'host-a'));
    assert.notEqual(leaseIdOf('unix:/run/a', 'host-a'), leaseIdOf('unix:/run/a', 'host-b'));
  });

  it('does not exist for a target that a run starts itself', () => {
    assert.equal(leaseIdOf('', 'host-a'), null);
  });

  it('says for whom somebody waits', () => {
    const address = 'loom:60051';
    assert.equal(
      waitingForTargetText({ address, behind: ['nightly'] }),
      'waiting for loom:60051: nightly measures it',
    );
    assert.equal(
      waitingForTargetText({ address, behind: ['nightly', 'ci-7'] }),
      'waiting for loom:60051: nightly measures it, then ci-7',
    );
  });
});
