import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readScenario, readScenarioFile } from '../../src/config/scenario-file.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'loombench-scenario-'));
after(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe("a scenario of the user's own", () => {
  it('has the form of the standard ones: each of them is one', () => {
    for (const scenario of SCENARIOS) {
      assert.deepEqual(readScenario(scenario, 'x'), { kind: 'ok', scenario });
    }
  });

  it('is read from YAML, and what is left out gets its default', () => {
    const path = file(
      'own.yaml',
      'id: own\nfactor: workers\nlevels:\n  - {name: w1, value: 1, settings: {concurrency: 1}}\n',
    );
    assert.deepEqual(readScenarioFile(path), {
      kind: 'ok',
      scenario: {
        id: 'own',
        title: '',
        purpose: '',
        headline: { metric: 'throughput', pick: 'highest' },
        factor: 'workers',
        settings: {},
        levels: [{ name: 'w1', value: 1, settings: { concurrency: 1 } }],
        runs: 'all',
        warmupRuns: 'all',
        stop: null,
      },
    });
  });

  it('is refused with the place and the option table’s word for each setting that does not fit', () => {
    const path = file(
      'bad.json',
      JSON.stringify({
        id: 'bad id',
        hedline: 1,
        settings: { duration: 5 },
        levels: [{ name: 'w1', value: 1, settings: { concurency: 1 } }],
      }),
    );
    const read = readScenarioFile(path);
    assert.ok(read.kind === 'invalid');
    const said = read.problems.map(({ path: at, message, hint }) =>
      [at.replace(path, 'F'), message, hint].join(' | '),
    );
    assert.match(said.join('\n'), /F: id/);
    assert.match(said.join('\n'), /hedline/);
    assert.match(said.join('\n'), /F: settings\.duration \| must be a duration.*\| .*5s/);
    assert.match(said.join('\n'), /F: levels\.0\.settings\.concurency .*did you mean concurrency/);
    assert.equal(said.length, 4);
  });

  it('needs levels, and names that differ', () => {
    assert.equal(readScenario({ id: 'a', levels: [] }, 'x').kind, 'invalid');
    const level = { name: 'same', value: 1 };
    const twice = readScenario({ id: 'a', levels: [level, level] }, 'x');
    assert.ok(twice.kind === 'invalid');
    assert.match(twice.problems[0]?.message ?? '', /same name/);
  });

  it('is a problem, not an exception, when its file is not there or is no mapping', () => {
    assert.equal(readScenarioFile(join(directory, 'absent.yaml')).kind, 'invalid');
    assert.equal(readScenarioFile(file('list.yaml', '- 1\n')).kind, 'invalid');
    assert.equal(readScenario(null, 'x').kind, 'invalid');
  });
});
