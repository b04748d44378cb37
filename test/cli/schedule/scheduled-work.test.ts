import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readWork } from '../../../src/cli/schedule/scheduled-work.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

const DAY_MS = 24 * 3_600_000;
const out = { write: () => true };
const context = { stdout: out, stderr: out, env: {}, cwd: '/', exitWith: () => undefined };

function read(subject: string | undefined, args: string[], flags: object) {
  return readWork({ context, flags }, { subject, rest: args, isCut: false });
}

describe('what a schedule is to start', () => {
  it('is a suite after that word, with the words and flags that a suite takes', () => {
    const work = read('suite', ['multi_turn'], { scale: '0.1', runs: '5', serverAddr: 'a:1' });
    assert.ok(work.kind === 'ok');
    assert.equal(work.whole.workflowType, 'benchmarkSuite');
    assert.match(work.whole.summary, /^suite · 1 scenario, /);
    const { scenarios, scale, runs, settings } = work.whole.raw as Record<string, unknown>; // as built
    assert.deepEqual([scenarios, scale, runs], [['multi_turn'], 0.1, 5]);
    assert.deepEqual(settings, { serverAddr: 'a:1' });
    assert.equal(work.over({ runs: 2 }, 'benchmark'), work.whole);
  });

  it('may last as long as its plan and a week of rest, and is not kept for months', () => {
    const [one, more] = ['1', '5'].map((runs) => {
      const work = read('suite', ['multi_turn'], { runs });
      assert.ok(work.kind === 'ok');
      return work.whole.executionTimeoutMs;
    });
    assert.ok(one !== undefined && more !== undefined);
    assert.ok(one > 8 * DAY_MS && one < more && more < 20 * DAY_MS, `${one} ${more}`);
    const benchmark = read(undefined, [], { duration: '48h', runs: '10', warmupRuns: '0' });
    assert.ok(benchmark.kind === 'ok');
    assert.ok(benchmark.whole.executionTimeoutMs > (8 + 20) * DAY_MS);
  });

  it('is refused where a scenario of the suite is misspelt, by the name that is near', () => {
    const work = read('suite', ['multi_turm'], {});
    assert.ok(work.kind === 'invalid');
    assert.match(JSON.stringify(work.problems), /multi_turm.*multi_turn/);
  });

  it('is one benchmark otherwise, which takes no flags of suites', () => {
    const plain = read('quick', [], { runs: '2' });
    assert.ok(plain.kind === 'ok');
    assert.equal(plain.whole.workflowType, 'benchmark');
    assert.deepEqual(plain.whole.raw, { scenario: 'quick', runs: 2 });
    const mixed = read('quick', [], { scale: '0.1', trustServer: true });
    assert.ok(mixed.kind === 'invalid');
    assert.deepEqual(
      mixed.problems.map(({ path }) => path),
      ['--scale', '--trust-server'],
    );
  });

  it('is said over what a benchmark had before, and never over a part of a suite', () => {
    const work = read(undefined, [], { runs: '7' });
    assert.ok(work.kind === 'ok');
    assert.deepEqual(work.over({ runs: 2, concurrency: 3 }, 'benchmark').raw, {
      runs: 7,
      concurrency: 3,
    });
    assert.throws(() => work.over({ scenarios: ['all'] }, 'benchmarkSuite'), UsageError);
  });
});
