import assert from 'node:assert/strict';
import { it } from 'node:test';
import { countText, elapsedText, latencyText, rateText } from '../../src/cli/quantity-text.ts';

it('shows what is not known as a dash, never as zero', () => {
  assert.equal(rateText(null), '-');
  assert.equal(latencyText(null), '-');
});

it('chooses a unit in which a latency can be read at a glance', () => {
  assert.equal(latencyText(850), '850 µs');
  assert.equal(latencyText(12_940), '12.94 ms');
  assert.equal(latencyText(250_000), '250 ms');
  assert.equal(latencyText(12_300_000), '12.3 s');
});

it('shows a decimal of a rate only where it counts', () => {
  assert.equal(rateText(7.25), '7.3 rps');
  assert.equal(rateText(12_345.6), '12,346 rps');
});

it('never shows sixty seconds or sixty minutes', () => {
  assert.equal(elapsedText(59_999), '59.9 s');
  assert.equal(elapsedText(60_000), '1 m 00 s');
  assert.equal(elapsedText(3_599_999), '59 m 59 s');
  assert.equal(elapsedText(3_600_000), '1 h 00 m');
});

it('agrees in number', () => {
  assert.equal(countText(1, 'error'), '1 error');
  assert.equal(countText(0, 'error'), '0 errors');
  assert.equal(countText(12_000, 'call'), '12,000 calls');
});
