import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { generateBenchmarkId } from '../../src/cli/benchmark-id.ts';

const at = (iso: string, bytes: readonly number[] = [0, 0, 0]) => ({
  nowUtc: new Date(iso),
  randomBytes: Uint8Array.from(bytes),
});

it('names a benchmark by its start in UTC and its scenario', () => {
  assert.match(
    generateBenchmarkId('quick', at('2026-11-25T04:30:55.900Z')),
    /^20261125-043055-quick-[a-z2-9]{4}$/,
  );
});

it('leaves the scenario out when there is none', () => {
  assert.match(
    generateBenchmarkId('', at('2026-01-02T03:04:05Z')),
    /^20260102-030405-[a-z2-9]{4}$/,
  );
});

it('sorts names as their start times sort', () => {
  const times = fc.integer({ min: 946_684_800, max: 4_102_444_800 });
  fc.assert(
    fc.property(times, times, (a, b) => {
      fc.pre(a < b);
      const nameAt = (seconds: number) =>
        generateBenchmarkId('quick', at(new Date(seconds * 1000).toISOString()));
      assert.ok(nameAt(a) < nameAt(b));
    }),
  );
});

it('makes any scenario name fit for a file name and a shell', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      assert.match(
        generateBenchmarkId(name, at('2026-01-02T03:04:05Z')),
        /^[a-z0-9][a-z0-9-]{0,80}$/,
      );
    }),
  );
});

it('gives two benchmarks of one second different names', () => {
  const second = '2026-11-25T04:30:55Z';
  assert.notEqual(
    generateBenchmarkId('quick', at(second, [1, 2, 3, 4, 5, 6])),
    generateBenchmarkId('quick', at(second, [1, 2, 3, 4, 5, 7])),
  );
});
