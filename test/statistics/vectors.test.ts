import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { vectors } from '../support/vectors.ts';

describe('the reference vectors', () => {
  it('are all 68 used by some test, by name or by family', () => {
    const folders = ['./', '../support/'].map((path) => new URL(path, import.meta.url));
    const sources = folders
      .flatMap((folder) =>
        readdirSync(folder)
          .filter((file) => file.endsWith('.test.ts'))
          .map((file) => readFileSync(new URL(file, folder), 'utf8')),
      )
      .join('\n');
    const unused = vectors.filter(
      ({ name, fn }) => !sources.includes(`'${name}'`) && !sources.includes(`fn !== '${fn}'`),
    );
    assert.deepEqual(
      unused.map(({ name }) => name),
      [],
    );
    assert.equal(vectors.length, 68);
  });
});
