import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { siblingModule } from '../../src/runtime/child-process.ts';

it('a child whose parent died while it was still loading ends as soon as it has loaded', async (t) => {
  const child = fork(siblingModule(import.meta.url, '../support/outlive-parent'));
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  child.disconnect();
  assert.deepEqual(await ended, [0, null]);
});
