import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { inheritedNodeFlags, siblingModule } from '../../src/runtime/child-process.ts';
import { acquireHostLock, hostLockName } from '../../src/runtime/host-lock.ts';

const never = new AbortController().signal;

describe('the host lock', () => {
  it('is held by one at a time and goes to the next when it is released', async () => {
    const name = `loombench-test-${process.pid}-a`;
    const order: string[] = [];
    const first = await acquireHostLock(name, never);
    const waiting = acquireHostLock(name, never).then((lock) => {
      order.push('second');
      return lock;
    });
    order.push('first');
    await first.release();
    await (await waiting).release();
    assert.deepEqual(order, ['first', 'second']);
  });

  it('is lifted when its holder is killed', async () => {
    const name = `loombench-test-${process.pid}-b`;
    const module = siblingModule(import.meta.url, '../../src/runtime/host-lock');
    const script = `
      const { acquireHostLock } = await import(${JSON.stringify(module)});
      await acquireHostLock(${JSON.stringify(name)}, new AbortController().signal);
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    const holder = spawn(
      process.execPath,
      [...inheritedNodeFlags(), '--input-type=module', '-e', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const abort = new AbortController();
    const refused = acquireHostLock(name, abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(refused, /enough/);
    holder.kill('SIGKILL');
    await (await acquireHostLock(name, never)).release();
  });

  it('can be named apart or switched off by the environment', async () => {
    assert.equal(hostLockName({}), 'loombench-measuring');
    assert.equal(hostLockName({ LOOMBENCH_HOST_LOCK: 'cpuset-1' }), 'cpuset-1');
    assert.equal(hostLockName({ LOOMBENCH_HOST_LOCK: 'off' }), null);
    const first = await acquireHostLock(null, never);
    const second = await acquireHostLock(null, never);
    await first.release();
    await second.release();
  });
});
