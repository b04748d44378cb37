import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FairSemaphore, type Waiter } from '../../src/target/fair-semaphore.ts';

function waiter(name: string, granted: string[], then?: () => void): Waiter {
  return {
    nextWaiter: null,
    previousWaiter: null,
    onGranted: () => {
      granted.push(name);
      then?.();
    },
  };
}

describe('Fair semaphore', () => {
  it('grants up to its limit at once and the rest in order of arrival', () => {
    const granted: string[] = [];
    const semaphore = new FairSemaphore(2);
    for (const name of ['a', 'b', 'c', 'd']) semaphore.acquire(waiter(name, granted));
    assert.deepEqual(granted, ['a', 'b']);
    semaphore.release();
    assert.deepEqual(granted, ['a', 'b', 'c']);
    semaphore.release();
    assert.deepEqual(granted, ['a', 'b', 'c', 'd']);
    semaphore.release();
    semaphore.release();
    assert.equal(semaphore.held, 0);
  });

  for (const leaver of ['b', 'c', 'd']) {
    it(`lets the waiter ${leaver} of b, c, d leave without disturbing the others`, () => {
      const granted: string[] = [];
      const semaphore = new FairSemaphore(1);
      const waiters = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...waiter(name, granted) }));
      for (const each of waiters) semaphore.acquire(each);
      const leaving = waiters.find((each) => each.name === leaver);
      assert.ok(leaving);
      semaphore.withdraw(leaving);
      for (let i = 0; i < 3; i++) semaphore.release();
      assert.deepEqual(
        granted,
        ['a', 'b', 'c', 'd'].filter((name) => name !== leaver),
      );
      assert.equal(semaphore.held, 0);
    });
  }

  it('serves ten thousand waiters that release at once without running out of stack', () => {
    const granted: string[] = [];
    const semaphore = new FairSemaphore(1);
    semaphore.acquire(waiter('first', granted));
    for (let i = 0; i < 10_000; i++)
      semaphore.acquire(waiter(String(i), granted, () => semaphore.release()));
    semaphore.release();
    assert.equal(granted.length, 10_001);
    assert.equal(granted.at(-1), '9999');
    assert.equal(semaphore.held, 0);
  });

  it('grants more at once when its limit is raised and fewer when it is lowered', () => {
    const granted: string[] = [];
    const semaphore = new FairSemaphore(1);
    for (const name of ['a', 'b', 'c', 'd']) semaphore.acquire(waiter(name, granted));
    semaphore.setLimit(3);
    assert.deepEqual(granted, ['a', 'b', 'c']);
    semaphore.setLimit(1);
    semaphore.release();
    semaphore.release();
    assert.deepEqual(granted, ['a', 'b', 'c']);
    semaphore.release();
    assert.deepEqual(granted, ['a', 'b', 'c', 'd']);
  });
});
