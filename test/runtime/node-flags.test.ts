import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inheritedNodeFlags } from '../../src/runtime/child-process.ts';

describe('the node flags that children inherit', () => {
  it('are the loader and memory settings, never an inline script, a debugger port or a test run', () => {
    const flags = [
      ...['--import', 'tsx', '--max-old-space-size=512'],
      ...['--input-type=module', '-e', 'await work()', '--inspect=9229', '--test-concurrency=2'],
    ];
    assert.deepEqual(inheritedNodeFlags(flags), ['--import', 'tsx', '--max-old-space-size=512']);
    assert.deepEqual(inheritedNodeFlags(['--eval', '1 + 1', '--expose-gc']), ['--expose-gc']);
    const named = ['--test', '--test-name-pattern', 'a rate', '--import', 'tsx'];
    assert.deepEqual(inheritedNodeFlags(named), ['--import', 'tsx']);
  });
});
