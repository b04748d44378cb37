import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { planRetention, type RetentionPolicy } from '../../src/artifacts/retention.ts';
import {
  removeGoing,
  removeStored,
  storedBenchmarks,
  type StoredBenchmark,
} from '../../src/artifacts/stored-benchmarks.ts';
import { benchmarkDirectoryName, benchmarkOfDirectory } from '../../src/contract/ids.ts';

const DAY_MS = 86_400_000;
const NO_POLICY: RetentionPolicy = { keepNewest: null, olderThanMs: null, maxTotalBytes: null };

/** Newest first, one a day, of 10 bytes each: b0 is today's. */
function daily(count: number): StoredBenchmark[] {
  return Array.from({ length: count }, (_, day) => ({
    benchmarkId: `b${day}`,
    directory: `/artifacts/b${day}.run`,
    bytes: 10,
    changedAtMs: (100 - day) * DAY_MS,
    hasReport: true,
  }));
}

function removed(
  benchmarks: readonly StoredBenchmark[],
  policy: Partial<RetentionPolicy>,
  kept: readonly string[] = [],
): string[] {
  const { remove } = planRetention({
    benchmarks,
    policy: { ...NO_POLICY, ...policy },
    nowMs: 100 * DAY_MS,
    reasonToKeep: ({ benchmarkId }) => (kept.includes(benchmarkId) ? 'the test says so' : null),
  });
  return remove.map(({ benchmarkId }) => benchmarkId);
}

describe('the policy by which stored benchmarks go', () => {
  it('lets all but the newest go, or those that are too old, or the oldest until the rest fits', () => {
    assert.deepEqual(removed(daily(5), { keepNewest: 2 }), ['b4', 'b3', 'b2']);
    assert.deepEqual(removed(daily(5), { olderThanMs: 2.5 * DAY_MS }), ['b4', 'b3']);
    assert.deepEqual(removed(daily(5), { maxTotalBytes: 25 }), ['b4', 'b3', 'b2']);
    assert.deepEqual(removed(daily(5), { maxTotalBytes: 50 }), []);
  });

  it('never lets the newest go for their age or size when so many are to stay', () => {
    assert.deepEqual(removed(daily(4), { keepNewest: 3, olderThanMs: DAY_MS / 2 }), ['b3']);
    assert.deepEqual(removed(daily(4), { keepNewest: 3, maxTotalBytes: 0 }), ['b3']);
  });

  it('passes over what must stay, and makes the room elsewhere', () => {
    assert.deepEqual(removed(daily(4), { maxTotalBytes: 20 }, ['b3']), ['b2', 'b1']);
    const { spared } = planRetention({
      benchmarks: daily(3),
      policy: { ...NO_POLICY, keepNewest: 0 },
      nowMs: 0,
      reasonToKeep: ({ benchmarkId }) => (benchmarkId === 'b1' ? 'it is running' : null),
    });
    assert.deepEqual(
      spared.map(({ benchmark, why }) => [benchmark.benchmarkId, why]),
      [['b1', 'it is running']],
    );
  });

  it('whatever it says, lets nothing go that must stay, and accounts for every byte', () => {
    const limit = fc.option(fc.nat({ max: 100 }), { nil: null });
    const question = fc.record({
      sizes: fc.array(fc.nat({ max: 30 }), { maxLength: 20 }),
      keepNewest: limit,
      maxTotalBytes: limit,
      kept: fc.array(fc.nat({ max: 20 })),
    });
    fc.assert(
      fc.property(question, ({ sizes, kept, ...limits }) => {
        const benchmarks = daily(sizes.length).map((one, at) => ({
          ...one,
          bytes: sizes[at] ?? 0,
        }));
        const keep = new Set(kept.map((at) => `b${at}`));
        const plan = planRetention({
          benchmarks,
          policy: { ...NO_POLICY, ...limits },
          nowMs: 100 * DAY_MS,
          reasonToKeep: ({ benchmarkId }) => (keep.has(benchmarkId) ? 'kept' : null),
        });
        const gone = new Set(plan.remove);
        const rest = benchmarks.filter((one) => !gone.has(one));
        assert.ok(plan.remove.every(({ benchmarkId }) => !keep.has(benchmarkId)));
        assert.equal(plan.keptCount, rest.length);
        assert.equal(
          plan.keptBytes,
          rest.reduce((sum, { bytes }) => sum + bytes, 0),
        );
      }),
    );
  });
});

describe('the stored benchmarks', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'loombench-stored-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function store(workflowId: string, files: Record<string, string>, day: number) {
    const name = benchmarkDirectoryName({ workflowId, firstExecutionRunId: 'run-1' });
    for (const [file, text] of Object.entries(files)) {
      const path = join(root, name, file);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, text);
      await utimes(path, day * 86_400, day * 86_400);
    }
    await utimes(join(root, name), day * 86_400, day * 86_400);
  }

  it('are known by their directories, with size, age, and whether they are over; what is not ours is passed over', async () => {
    await store('a/b', { 'report.json': 'xx', 'measured-0001/run.json': 'yyy' }, 20_000);
    await store('young', { 'measured-0001/report.json': 'z' }, 20_001);
    await store('suite', { 'index.json': '' }, 19_999);
    await writeFile(join(root, 'note.txt'), 'mine');
    await mkdir(join(root, 'mine'));
    const found = await storedBenchmarks(root);
    assert.deepEqual(
      found.map(({ benchmarkId, bytes, hasReport, changedAtMs }) => [
        benchmarkId,
        bytes,
        hasReport,
        changedAtMs / DAY_MS,
      ]),
      [
        ['young', 1, false, 20_001],
        ['a/b', 5, true, 20_000],
        ['suite', 0, true, 19_999],
      ],
    );
    assert.deepEqual(await storedBenchmarks(join(root, 'none')), []);
  });

  it('go as a whole, also when an earlier removal was killed in its midst', async () => {
    await store('a', { 'report.json': '' }, 1);
    await store('b', { 'report.json': '' }, 2);
    await mkdir(join(root, '.going-1', 'measured-0001'), { recursive: true });
    assert.deepEqual(
      (await storedBenchmarks(root)).map(({ benchmarkId }) => benchmarkId),
      ['b', 'a'],
    );
    const [, oldest] = await storedBenchmarks(root);
    assert.ok(oldest);
    await removeStored(root, oldest);
    assert.deepEqual(await readdir(root), ['b.run-1']);
    await mkdir(join(root, '.going-2'));
    await removeGoing(root);
    assert.deepEqual(await readdir(root), ['b.run-1']);
    await assert.rejects(removeStored(root, oldest), { code: 'output-unwritable' });
  });

  it('have names that lead back to their ids', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (workflowId) => {
        const name = benchmarkDirectoryName({ workflowId, firstExecutionRunId: 'local' });
        assert.equal(benchmarkOfDirectory(name), workflowId);
      }),
    );
    for (const name of ['.going-1', 'plain', 'a.b.c', '%zz.run', 'a%2fb.run', '']) {
      assert.equal(benchmarkOfDirectory(name), null, name);
    }
  });
});
