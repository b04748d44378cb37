// What a threshold may say, and what is told about one that cannot be understood.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rawFromConfig } from '../../src/config/raw-from-config.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { RATE_KEPT } from '../../src/contract/threshold.ts';
import { parseThreshold } from '../../src/config/threshold.ts';
import { METRIC_NAMES } from '../../src/contract/metric.ts';

function parsed(text: string): readonly [string, string, number] {
  const result = parseThreshold(text);
  assert.ok(result.kind === 'ok', text);
  const { metric, comparison, limit } = result.threshold;
  return [metric, comparison, limit];
}

function refusal(text: string): string {
  const result = parseThreshold(text);
  assert.ok(result.kind === 'invalid', text);
  return `${result.problem.message} (${result.problem.hint ?? ''})`;
}

describe('a threshold', () => {
  it('reads times as microseconds, shares as fractions and rates as they are', () => {
    assert.deepEqual(parsed('latency_p99<500ms'), ['latency_p99', '<', 500_000]);
    assert.deepEqual(parsed('ttft_p50 <= 1.5s'), ['ttft_p50', '<=', 1_500_000]);
    assert.deepEqual(parsed('latency_p999<250us'), ['latency_p999', '<', 250]);
    assert.deepEqual(parsed('error_rate<1%'), ['error_rate', '<', 0.01]);
    assert.deepEqual(parsed('error_rate<=0.05'), ['error_rate', '<=', 0.05]);
    assert.deepEqual(parsed(' throughput_rps>1000 '), ['throughput_rps', '>', 1000]);
  });

  it('with an unknown metric is refused with the nearest name and all known ones', () => {
    const text = refusal('latency_p98<5ms');
    assert.match(text, /no metric "latency_p98" \(did you mean latency_p\d+\?/);
    for (const name of METRIC_NAMES) assert.ok(text.includes(name), name);
    assert.match(refusal('zzz<5ms'), /\(known are throughput_rps, /);
  });

  it('needs a unit where one could be guessed wrong, and says which', () => {
    assert.match(refusal('latency_p99<500'), /must be a duration with its unit, .* not "500"/);
    assert.match(refusal('error_rate<5'), /must be a share like 1% or 0\.01, not "5"/);
    assert.match(refusal('throughput_rps>5ms'), /must be a number of calls per second/);
  });

  it('without a comparison is refused with an example', () => {
    for (const text of ['latency_p99', 'latency_p99=5ms', '<5ms', '', 'latency_p99<']) {
      assert.match(refusal(text), /is not a threshold .*latency_p99<500ms/);
    }
  });
});

describe('the option failOnRateMiss', () => {
  it('is the threshold of a rate that was kept, once, and needs a rate', () => {
    for (const threshold of [[], ['sent_share>=99%']]) {
      const open = resolveConfig({ rate: 100, failOnRateMiss: true, threshold });
      assert.ok(open.kind === 'ok');
      assert.deepEqual(open.config.thresholds, [
        { metric: 'sent_share', comparison: '>=', limit: 0.99, unit: 'share', text: RATE_KEPT },
      ]);
    }
    const closed = resolveConfig({ failOnRateMiss: true });
    assert.ok(closed.kind === 'invalid');
    assert.deepEqual(
      closed.problems.map(({ path }) => path),
      ['failOnRateMiss'],
    );
  });
});

describe('the option threshold', () => {
  const texts = ['latency_p99<500ms', 'error_rate<1%'];

  it('takes one text, a list, or commas, and is the same config for each', () => {
    const list = resolveConfig({ threshold: texts });
    const commas = resolveConfig({ threshold: texts.join(', ') });
    assert.ok(list.kind === 'ok' && commas.kind === 'ok');
    assert.deepEqual(
      list.config.thresholds?.map(({ text }) => text),
      texts,
    );
    assert.deepEqual(commas, list);
    const one = resolveConfig({ threshold: texts[0] });
    assert.ok(one.kind === 'ok');
    assert.equal(one.config.thresholds?.length, 1);
  });

  it('changes nothing in a config that has none, and survives the way back to a config file', () => {
    const without = resolveConfig({});
    assert.ok(without.kind === 'ok');
    assert.equal('thresholds' in without.config, false);
    const found = resolveConfig({ threshold: texts });
    assert.ok(found.kind === 'ok');
    assert.deepEqual(resolveConfig(rawFromConfig(found.config)), found);
  });

  it('names every bad one', () => {
    const found = resolveConfig({ threshold: ['latency_p99<5', 'p99<5ms'] });
    assert.ok(found.kind === 'invalid');
    assert.deepEqual(
      found.problems.map(({ path }) => path),
      ['threshold', 'threshold'],
    );
    const wrongType = resolveConfig({ threshold: 5 });
    assert.ok(wrongType.kind === 'invalid');
    assert.match(wrongType.problems[0]?.message ?? '', /text like metric<limit, or a list/);
  });
});
