import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LeaseParty } from '../../src/contract/target-lease.ts';
import { LeaseQueue } from '../../src/workflows/lease-queue.ts';

const party = (workflowId: string, parentId: string | null = null): LeaseParty => ({
  workflowId,
  firstExecutionRunId: `first of ${workflowId}`,
  parentId,
});
const ids = (parties: readonly LeaseParty[]): string[] =>
  parties.map(({ workflowId }) => workflowId);

function queueOf(...parties: LeaseParty[]): LeaseQueue {
  const queue = new LeaseQueue();
  for (const each of parties) queue.request(each);
  return queue;
}

describe('the queue of a target', () => {
  it('gives the target to one party at a time, first come first served', () => {
    const queue = queueOf(party('a'), party('b'), party('c'));
    assert.deepEqual(ids(queue.users), ['a']);
    queue.remove(party('a'));
    assert.deepEqual(ids(queue.users), ['b']);
    queue.remove(party('b'));
    queue.remove(party('c'));
    assert.deepEqual(queue.parties, []);
  });

  it('tells everybody that waits who comes before', () => {
    const turns = queueOf(party('a'), party('b'), party('c')).takeTurns();
    assert.deepEqual(
      turns.map(({ behind }) => behind),
      [null, ['a'], ['a', 'b']],
    );
  });

  it('keeps the place of a party that asks again, and answers it again', () => {
    const queue = queueOf(party('a'), party('b'), party('c'));
    queue.takeTurns();
    queue.request(party('b'));
    assert.deepEqual(
      queue.takeTurns().map(({ party: { workflowId }, asks }) => [workflowId, asks]),
      [
        ['a', false],
        ['b', true],
        ['c', false],
      ],
    );
  });

  it('lets a child of the holder in, but nobody else who has a parent', () => {
    const queue = queueOf(party('suite'), party('other'), party('level', 'suite'));
    queue.request(party('sibling', 'another suite'));
    assert.deepEqual(ids(queue.users), ['suite', 'level']);
    assert.deepEqual(ids(queue.state.waiting), ['other', 'sibling']);
  });

  it('does not go on to the next one while a child of a holder that is gone still loads the target', () => {
    const queue = queueOf(party('suite'), party('level', 'suite'), party('other'));
    queue.remove(party('suite'));
    assert.deepEqual(ids(queue.users), ['level']);
    queue.remove(party('level', 'suite'));
    assert.deepEqual(ids(queue.users), ['other']);
  });

  it('lets children of one parent that holds nothing load one after the other', () => {
    const queue = queueOf(party('one', 'parent'), party('two', 'parent'));
    assert.deepEqual(ids(queue.users), ['one']);
  });

  it('takes an id that was started again for another party', () => {
    const again: LeaseParty = { ...party('a'), firstExecutionRunId: 'another' };
    const queue = queueOf(party('a'), again);
    queue.remove(party('a'));
    assert.deepEqual(queue.users, [again]);
  });

  it('goes on where it was with the state that it carries', () => {
    const queue = new LeaseQueue(queueOf(party('a'), party('b')).state);
    queue.remove(party('a'));
    assert.deepEqual(ids(queue.users), ['b']);
  });

  it('notices no change when somebody leaves who was not there', () => {
    const queue = queueOf(party('a'));
    const before = queue.changes;
    queue.remove(party('stranger'));
    assert.equal(queue.changes, before);
  });
});
