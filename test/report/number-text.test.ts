import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { durationText, latencyUnit, numberText } from '../../src/report/number-text.ts';
import { textTable } from '../../src/report/text-table.ts';

describe('numbers for people', () => {
  it('groups thousands and keeps about four digits', () => {
    assert.equal(numberText(1_234_567.8), '1,234,568');
    assert.equal(numberText(661.46), '661.5');
    assert.equal(numberText(13.502), '13.50');
    assert.equal(numberText(1.2345), '1.234');
    assert.equal(numberText(0), '0');
    assert.equal(numberText(-12_345.6), '-12,346');
    assert.equal(numberText(null), '–');
  });

  it('never groups the digits after the point', () => {
    assert.equal(numberText(0.123456, 6), '0.123456');
  });

  it('stays within half a thousandth of the value from 1 upwards', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), (value) => {
        const shown = Number(numberText(value).replaceAll(',', ''));
        return Math.abs(shown - value) <= value * 0.0005 + 1e-9;
      }),
    );
  });

  it('takes the largest unit in which the smallest value is at least 1', () => {
    assert.equal(latencyUnit([999, 5_000_000]).name, 'µs');
    assert.equal(latencyUnit([1000, null]).name, 'ms');
    assert.equal(latencyUnit([1_000_000]).name, 's');
    assert.equal(latencyUnit([null]).name, 'ms');
  });

  it('writes durations in the unit a person would use', () => {
    assert.deepEqual([0.5, 250, 5000, 1500, 60_000, 90_500].map(durationText), [
      '0.5 ms',
      '250 ms',
      '5 s',
      '1.5 s',
      '1 min',
      '1 min 30.5 s',
    ]);
  });
});

describe('a text table', () => {
  it('aligns columns and leaves no blanks at the end of a line', () => {
    const table = textTable(
      [
        { title: 'name', align: 'left' },
        { title: 'n', align: 'right' },
        { title: 'note', align: 'left' },
      ],
      [
        ['a', '10', ''],
        ['longer', '7', 'x'],
      ],
    );
    assert.equal(table, 'name     n  note\na       10\nlonger   7  x');
  });
});
