import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { chunkEnds, MockLlm } from '../../src/target/mock-llm.ts';
import { providerConfig } from '../support/run-plans.ts';
import { quantile } from '../support/target-fixture.ts';

const NS_PER_MS = 1e6;

function latenciesMs(llm: MockLlm, n: number): number[] {
  return Array.from({ length: n }, (_, call) => llm.latencyNs(call) / NS_PER_MS);
}

describe('Mock LLM', () => {
  it('draws base plus uniform jitter: 20 + U(0, 30) ms has the quantiles of theory', () => {
    const config = providerConfig({ baseLatencyMs: 20, jitterMs: 30 });
    const values = latenciesMs(new MockLlm({ config, seed: 7 }), 10_000);
    const between = (value: number, low: number, high: number): void =>
      assert.ok(value >= low && value <= high, `${value} not in [${low}, ${high}]`);
    // 99.9 % bands of n = 10,000 draws.
    between(quantile(values, 0.5), 34.505, 35.492);
    between(quantile(values, 0.9), 46.693, 47.286);
    between(quantile(values, 0.95), 48.273, 48.704);
    between(quantile(values, 0.99), 49.589, 49.786);
    between(values.reduce((a, b) => a + b) / values.length, 34.715, 35.285);
    assert.ok(Math.min(...values) >= 20 && Math.max(...values) < 50);
  });

  it('draws independently: the correlation of neighbouring calls is within 4 standard errors of 0', () => {
    const config = providerConfig({ jitterMs: 1 });
    for (const seed of [0, 1, 2, 12345]) {
      const values = latenciesMs(new MockLlm({ config, seed }), 20_000).map((v) => v - 0.5);
      const products = values.slice(1).map((v, i) => v * (values[i] ?? 0));
      const correlation = products.reduce((a, b) => a + b) / products.length / (1 / 12);
      assert.ok(Math.abs(correlation) < 4 / Math.sqrt(20_000), `${seed}: ${correlation}`);
    }
  });

  it('draws the whole latency from an exponential distribution on request', () => {
    const config = providerConfig({
      baseLatencyMs: 50,
      jitterMs: 10,
      latencyDistribution: 'exponential',
    });
    const n = 20_000;
    const values = latenciesMs(new MockLlm({ config, seed: 3 }), n);
    const mean = values.reduce((a, b) => a + b) / n;
    assert.ok(Math.abs(mean - 50) < (4 * 50) / Math.sqrt(n), `mean ${mean}`);
    // Median of Exp(50) is 50 ln 2; the standard error of a sample median is 1/(2 f √n) = 50/√n.
    assert.ok(Math.abs(quantile(values, 0.5) - 50 * Math.LN2) < (4 * 50) / Math.sqrt(n));
  });

  it('gives call k the same draws under one seed and others under another', () => {
    const config = providerConfig({ jitterMs: 30, errorRate: 0.5 });
    const draws = (seed: number): unknown[] => {
      const llm = new MockLlm({ config, seed });
      return [3, 1, 2].map((call) => [llm.latencyNs(call), llm.fails(call)]);
    };
    assert.deepEqual(draws(9), draws(9));
    assert.notDeepEqual(draws(9), draws(10));
    assert.notDeepEqual(draws(9), draws(9 + 2 ** 32));
  });

  it('fails calls at the rate asked for: 0.02 of 10,000 within [156, 248], 0 none, 1 all', () => {
    const failures = (errorRate: number): number => {
      const llm = new MockLlm({ config: providerConfig({ errorRate }), seed: 5 });
      return Array.from({ length: 10_000 }, (_, call) => llm.fails(call)).filter(Boolean).length;
    };
    const few = failures(0.02);
    assert.ok(few >= 156 && few <= 248, String(few));
    assert.equal(failures(0), 0);
    assert.equal(failures(1), 10_000);
  });

  it('echoes the last message unless a fixed or a computed answer is given', () => {
    const seed = 1;
    const echo = new MockLlm({ config: providerConfig(), seed });
    assert.equal(echo.answer('hello'), 'Load test response for: hello');
    assert.equal(echo.answer('world'), 'Load test response for: world');
    const fixed = new MockLlm({ config: providerConfig({ responseText: 'same' }), seed });
    assert.equal(fixed.answer('hello'), 'same');
    const computed = new MockLlm({
      config: providerConfig({ responseText: 'same' }),
      seed,
      respond: (message) => message.toUpperCase(),
    });
    assert.equal(computed.answer('hello'), 'HELLO');
  });

  it('has no latencies in its metrics before a call has ended', () => {
    const llm = new MockLlm({ config: providerConfig(), seed: 1 });
    llm.begin();
    assert.deepEqual(llm.metrics(), {
      totalCalls: 1,
      successCount: 0,
      errorCount: 0,
      abandonedCount: 0,
      sumLatencyNs: 0,
      minLatencyNs: null,
      maxLatencyNs: null,
    });
    llm.ended('success', 5);
    llm.begin();
    llm.ended('error', 9);
    assert.deepEqual(llm.metrics(), {
      totalCalls: 2,
      successCount: 1,
      errorCount: 1,
      abandonedCount: 0,
      sumLatencyNs: 14,
      minLatencyNs: 5,
      maxLatencyNs: 9,
    });
  });
});

describe('Chunks of a text', () => {
  it('are of the size asked for, the last one shorter', () => {
    assert.deepEqual(chunkEnds('x'.repeat(25), 10), [10, 20, 25]);
    assert.deepEqual(chunkEnds('x'.repeat(20), 10), [10, 20]);
    assert.deepEqual(chunkEnds('abc', 1), [1, 2, 3]);
    assert.deepEqual(chunkEnds('', 10), []);
  });

  it('take the default of 10 where the size is no size', () => {
    assert.deepEqual(chunkEnds('x'.repeat(12), 0), [10, 12]);
    assert.deepEqual(chunkEnds('x'.repeat(12), -3), [10, 12]);
  });

  it('never split a character, grow strictly and end with the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const ends = chunkEnds(text, size);
        ends.forEach((end, index) => {
          assert.ok(end > (ends[index - 1] ?? 0));
          assert.doesNotMatch(text.slice(0, end), /[\ud800-\udbff]$/);
        });
        assert.equal(ends.at(-1) ?? 0, text.length);
      }),
    );
  });
});
