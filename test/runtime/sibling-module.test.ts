import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { siblingModule } from '../../src/runtime/child-process.ts';

describe('the module that a process of ours is started from', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'loombench-siblings-'));
    for (const name of ['both-main.js', 'both-main.bundle.js', 'both-main.ts', 'plain-main.js']) {
      writeFileSync(join(directory, name), '');
    }
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
  const beside = (asker: string, relative: string): string =>
    basename(siblingModule(pathToFileURL(join(directory, asker)).href, relative));

  it('is its bundle where the build made one', () => {
    assert.equal(beside('asker.js', './both-main'), 'both-main.bundle.js');
  });

  it('is the compiled module where there is no bundle', () => {
    assert.equal(beside('asker.js', './plain-main'), 'plain-main.js');
  });

  it('is the source when the asker is a source', () => {
    assert.equal(beside('asker.ts', './both-main'), 'both-main.ts');
  });

  it('is named when it is not there', () => {
    assert.throws(() => beside('asker.js', './no-main'), /no module at .*no-main\.js/);
  });
});
