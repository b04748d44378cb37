import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.ts';
import { vectors } from '../support/vectors.ts';

describe('the reference vectors', () => {
  it('are all 68 used by some test, by name or by family', () => {
    const folders = ['statistics', 'support'].map((name) => join(repositoryRoot, 'test', name));
    const sources = folders
      .flatMap((folder) =>
        readdirSync(folder)
          .filter((file) => file.endsWith('.test.ts'))
          .map((file) => readFileSync(join(folder, file), 'utf8')),
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
