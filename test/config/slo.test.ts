// What may be declared of a single call, and what is told about a declaration that cannot hold.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rawFromConfig } from '../../src/config/raw-from-config.ts';
import { resolveConfig, type ResolvedConfig } from '../../src/config/resolve.ts';
import { declaredSlo } from '../../src/contract/slo.ts';

function problemsOf(raw: Readonly<Record<string, unknown>>): string {
  const resolved: ResolvedConfig = resolveConfig(raw);
  assert.ok(resolved.kind === 'invalid');
  return resolved.problems
    .map(({ path, message, hint = '' }) => `${path}: ${message} (${hint})`)
    .join('\n');
}

describe('the option slo', () => {
  it('takes several conditions at once, in microseconds, and comes back as it was said', () => {
    const texts = ['ttft<500ms', 'latency <= 2s', 'max_gap<1.5ms'];
    const resolved = resolveConfig({ slo: texts.join(','), useStreaming: true });
    assert.ok(resolved.kind === 'ok');
    assert.deepEqual(
      declaredSlo(resolved.config).map(({ subject, comparison, limitUs }) => [
        subject,
        comparison,
        limitUs,
      ]),
      [
        ['ttft', '<', 500_000],
        ['latency', '<=', 2_000_000],
        ['max_gap', '<', 1500],
      ],
    );
    const again = resolveConfig(rawFromConfig(resolved.config));
    assert.ok(again.kind === 'ok');
    assert.equal(again.configHash, resolved.configHash);
  });

  it('leaves the hash of a configuration without it alone, and is part of the hash of one with it', () => {
    const without = resolveConfig({});
    const within = resolveConfig({ slo: 'latency<2s' });
    assert.ok(without.kind === 'ok' && within.kind === 'ok');
    assert.ok(!('slo' in without.config));
    assert.notEqual(within.configHash, without.configHash);
  });

  it('is what sloLatency is short for, and does not go together with it', () => {
    const short = resolveConfig({ sloLatency: '250ms' });
    assert.ok(short.kind === 'ok');
    assert.deepEqual(declaredSlo(short.config), [
      { subject: 'latency', comparison: '<=', limitUs: 250_000, text: 'latency<=250ms' },
    ]);
    assert.match(
      problemsOf({ slo: 'latency<2s', sloLatency: '1s' }),
      /slo: cannot be combined with sloLatency/,
    );
  });

  it('refuses what a call does not have, a figure over calls, and a limit without its unit', () => {
    assert.match(problemsOf({ slo: 'latncy<2s' }), /no time "latncy" \(did you mean latency\?/);
    assert.match(problemsOf({ slo: 'latency_p99<2s' }), /no time "latency_p99" .*latency, ttfm/);
    assert.match(problemsOf({ slo: 'latency>2s' }), /is not a condition on a call .*ttft<500ms/);
    assert.match(problemsOf({ slo: 'latency<500' }), /must be a duration with its unit/);
  });

  it('refuses moments of a stream for calls that are none', () => {
    assert.match(problemsOf({ slo: 'ttft<1s' }), /"ttft<1s" can hold for streams only/);
    assert.equal(resolveConfig({ slo: 'ttft<1s', useStreaming: true }).kind, 'ok');
  });

  it('is needed by a threshold on the goodput', () => {
    assert.match(problemsOf({ threshold: 'goodput_rps>10' }), /which calls are good .*declare it/);
    assert.equal(resolveConfig({ threshold: 'goodput_rps>10', slo: 'latency<1s' }).kind, 'ok');
  });
});
