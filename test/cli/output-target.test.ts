import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { ensureWritable, outputTargetOf } from '../../src/cli/output-target.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'loombench-output-'));
});
after(() => rm(directory, { recursive: true, force: true }));

it('reads the three kinds of place', () => {
  assert.deepEqual(outputTargetOf(undefined, '/w'), { kind: 'none' });
  assert.deepEqual(outputTargetOf('-', '/w'), { kind: 'stdout' });
  assert.deepEqual(outputTargetOf('a/b.json', '/w'), { kind: 'file', path: '/w/a/b.json' });
});

it('makes missing directories before the first call and leaves no probe behind', async () => {
  const path = join(directory, 'a', 'b', 'c.json');
  await ensureWritable({ kind: 'file', path });
  assert.ok((await stat(join(directory, 'a', 'b'))).isDirectory());
  assert.deepEqual(await readdir(join(directory, 'a', 'b')), []);
});

it('leaves a report that is there as it is', async () => {
  const path = join(directory, 'old.json');
  await writeFile(path, 'old');
  await ensureWritable({ kind: 'file', path });
  assert.equal((await stat(path)).size, 3);
});

it('refuses a directory, a path through a file, and a place where nothing can be made', async () => {
  await mkdir(join(directory, 'd'), { recursive: true });
  await writeFile(join(directory, 'f'), '');
  for (const path of [join(directory, 'd'), join(directory, 'f', 'x.json'), '/proc/none/x.json']) {
    await assert.rejects(
      ensureWritable({ kind: 'file', path }),
      { code: 'output-unwritable' },
      path,
    );
  }
});
