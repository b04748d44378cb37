import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergeSends, SendLog } from '../../../src/harness/arrivals/send-log.ts';

const MS = 1e6;

function sampleOf(sendsMs: readonly number[]): ReturnType<SendLog['sample']> {
  const log = new SendLog(1000 * MS);
  for (const sentMs of sendsMs) log.sent(sentMs * MS);
  return log.sample();
}

describe('the sends of several threads', () => {
  it('are those of one log that saw them all, up to the last instant that each thread tells of', () => {
    const first = [500, 1000, 1500, 2400, 3100];
    const second = [900, 1200, 1600, 2900, 3300];
    const merged = mergeSends([sampleOf(first), sampleOf(second)]);
    const all = [...first, ...second].sort((a, b) => a - b).filter((sentMs) => sentMs <= 3100);
    assert.deepEqual(merged, sampleOf(all));
    assert.deepEqual(merged.perSecond, [4, 2]);
  });

  it('are none where no thread sent in the window', () => {
    assert.deepEqual(mergeSends([sampleOf([]), sampleOf([1])]), sampleOf([]));
  });
});
