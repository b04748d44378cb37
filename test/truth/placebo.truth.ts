// The comparison of whole benchmarks against what is known of them (E13): a setting that does nothing is never a difference, and
// 10 ms more of LLM time are 10 ms more, within half a millisecond. The three are measured in turns, so that no drift of the
// machine looks like an effect.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { ComparedBenchmarks } from '../support/compared-benchmarks.ts';
import { inBand } from '../support/truth-runs.ts';

/** Said by calls that fail, and none is told to. */
const PLACEBO = ['--llm-error-message', 'a text that no call says'];
const TURNS = 3;

let benchmarks = new ComparedBenchmarks('', { runs: 4, calls: 200 });
let remove: () => Promise<void>;
before(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'loombench-placebo-'));
  remove = () => rm(directory, { recursive: true, force: true });
  benchmarks = new ComparedBenchmarks(directory, { runs: 4, calls: 200 });
  for (let turn = 1; turn <= TURNS; turn += 1) {
    await benchmarks.measure('ten.json', '10ms');
    await benchmarks.measure('placebo.json', '10ms', ...PLACEBO);
    await benchmarks.measure('twenty.json', '20ms');
  }
});
after(() => remove());

it('finds a setting that does nothing equivalent or inconclusive, in every metric', async () => {
  const { candidates } = await benchmarks.compare('ten.json', 'placebo.json', '--force');
  const verdicts = candidates[0]?.metrics.map(({ metric, verdict }) => [metric, verdict]) ?? [];
  assert.ok(verdicts.length >= 4);
  for (const [metric, verdict] of verdicts) {
    assert.ok(verdict === 'equivalent' || verdict === 'inconclusive', `${metric}: ${verdict}`);
  }
});

it('finds 10 ms more of LLM time different, and 10 ms within half a millisecond', async (t) => {
  const { verdict, change, shift } = await benchmarks.p50('ten.json', 'twenty.json', '--force');
  assert.deepEqual([verdict, change], ['different', 'worse']);
  inBand(t, 'shift of the p50, ms', shift.value / 1000, [9.5, 10.5]);
  assert.ok(shift.low !== null && shift.high !== null);
  assert.ok(shift.low <= shift.value && shift.value <= shift.high);
});
