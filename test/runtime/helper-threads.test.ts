import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { it } from 'node:test';
import { lowerHelperThreads } from '../../src/runtime/helper-threads.ts';

const THREADS = '/proc/self/task';

/** proc(5): the 19th field of stat, the 17th behind the name, which is in parentheses and may hold blanks. */
function nicenessByThread(): Map<number, number> {
  return new Map(
    readdirSync(THREADS).map((thread) => {
      const stat = readFileSync(`${THREADS}/${thread}/stat`, 'utf8');
      return [Number(thread), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])];
    }),
  );
}

it('puts the threads that Node started behind the main one, and not those that are started later', async () => {
  if (process.platform !== 'linux') {
    assert.equal(await lowerHelperThreads(), 0);
    return;
  }
  const own = getPriority();
  const lowered = await lowerHelperThreads();
  assert(lowered >= 4, 'V8 and libuv have four threads each, unless the machine says otherwise');
  const before = nicenessByThread();
  assert.equal(before.get(process.pid), own);
  before.delete(process.pid);
  assert.equal(before.size, lowered);
  assert.deepEqual([...new Set(before.values())], [constants.priority.PRIORITY_LOW]);
  const worker = new Worker("require('node:worker_threads').parentPort.once('message', () => {})", {
    eval: true,
  });
  await once(worker, 'online');
  const later = [...nicenessByThread()].filter(([thread]) => !before.has(thread));
  assert.deepEqual([...new Set(later.map(([, niceness]) => niceness))], [own]);
  await worker.terminate();
});
