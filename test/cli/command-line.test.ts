import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { it } from 'node:test';
import fc from 'fast-check';
import { shellText, withBenchmarkId } from '../../src/cli/command-line.ts';

it('adds the name to a command that has none, so that it joins', () => {
  assert.deepEqual(withBenchmarkId(['run', '-c', '5'], 'a-1'), ['run', '-c', '5', '--id', 'a-1']);
});

it('leaves a command alone that names its benchmark in either form', () => {
  assert.deepEqual(withBenchmarkId(['run', '--id', 'x'], 'x'), ['run', '--id', 'x']);
  assert.deepEqual(withBenchmarkId(['run', '--id=x'], 'x'), ['run', '--id=x']);
});

it('prints arguments that a shell reads back as they were', () => {
  const argument = fc.string({ unit: 'grapheme-ascii' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 4 }), (args) => {
      const script = `for a in ${shellText(args)}; do printf '%s\\0' "$a"; done`;
      const seen = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
      assert.deepEqual(seen.split('\0').slice(0, -1), args);
    }),
    { numRuns: 30 },
  );
});
