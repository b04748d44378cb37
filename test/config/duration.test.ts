import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatDurationMs, parseDurationMs } from '../../src/config/duration.ts';
import { editDistance, nearestName } from '../../src/config/nearest-name.ts';
import { parseSizeBytes } from '../../src/config/size.ts';

describe('durations', () => {
  for (const [text, ms] of [
    ['250ms', 250],
    ['5s', 5000],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['1.5s', 1500],
    ['500us', 0.5],
    ['500µs', 0.5],
    ['0', 0],
    ['0s', 0],
    ['0.1s', 100],
  ] as const) {
    it(`reads ${text} as ${ms} ms`, () => {
      assert.equal(parseDurationMs(text), ms);
    });
  }

  for (const text of ['', '5', '5 s', '-5s', '5S', 's', '1e3ms', '.5s', '5s ', 'ms5', '∞']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseDurationMs(text), null);
    });
  }

  it('are written so that they read back the same, to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (us) => {
        const ms = us / 1000;
        assert.equal(parseDurationMs(formatDurationMs(ms)), ms);
      }),
    );
  });
});

describe('sizes', () => {
  it('are bytes in decimal and binary units', () => {
    assert.equal(parseSizeBytes('4MiB'), 4_194_304);
    assert.equal(parseSizeBytes('4MB'), 4_000_000);
    assert.equal(parseSizeBytes('1.5KiB'), 1536);
    assert.equal(parseSizeBytes('4194304B'), 4_194_304);
    assert.equal(parseSizeBytes('4'), null);
    assert.equal(parseSizeBytes('4M'), null);
  });
});

describe('the nearest name', () => {
  it('counts an insertion, a deletion, a replacement and a swap as one each', () => {
    assert.equal(editDistance('abc', 'abcd'), 1);
    assert.equal(editDistance('abcd', 'abd'), 1);
    assert.equal(editDistance('abc', 'axc'), 1);
    assert.equal(editDistance('abc', 'acb'), 1);
    assert.equal(editDistance('kitten', 'sitting'), 3);
    assert.equal(editDistance('', 'abc'), 3);
  });

  it('is offered for a slip and not for another word', () => {
    const known = ['concurrency', 'duration', 'runs'];
    assert.equal(nearestName('concurency', known), 'concurrency');
    assert.equal(nearestName('Duration', known), 'duration');
    assert.equal(nearestName('banana', known), null);
    assert.equal(nearestName('anything', []), null);
  });
});
