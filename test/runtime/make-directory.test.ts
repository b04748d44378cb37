import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { makeDirectory } from '../../src/runtime/make-directory.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'loombench-directory-'));
});
after(() => rm(root, { recursive: true, force: true }));

it('makes a directory with all its parents, also at once with others, and takes one that is there', async () => {
  const path = join(root, 'a', 'b', 'c');
  await Promise.all([
    makeDirectory(path),
    makeDirectory(path),
    makeDirectory(join(root, 'a', 'd')),
  ]);
  await makeDirectory(path);
  assert.ok((await stat(path)).isDirectory());
});

it('says at once that there is none where the file system makes nothing', async () => {
  await assert.rejects(makeDirectory('/proc/nope/deeper'), { code: 'ENOENT' });
});

it('does not take a file for a directory, neither at the end nor on the way', async () => {
  const file = join(root, 'file');
  await writeFile(file, '');
  await assert.rejects(makeDirectory(file), { code: 'EEXIST' });
  await assert.rejects(makeDirectory(join(file, 'in')), { code: 'ENOTDIR' });
});
