// Which host measures: what the options become, what does not go together, and what an environment variable is not taken for.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rawFromConfig } from '../../src/config/raw-from-config.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { rawFromEnvironment } from '../../src/config/sources.ts';
import { DEFAULT_HOST_POLICY } from '../../src/contract/host-policy.ts';

function resolved(raw: Readonly<Record<string, unknown>>) {
  const result = resolveConfig(raw);
  assert.ok(result.kind === 'ok', JSON.stringify(result));
  return result;
}

function problemPaths(raw: Readonly<Record<string, unknown>>): string[] {
  const result = resolveConfig(raw);
  return result.kind === 'invalid' ? result.problems.map(({ path }) => path) : [];
}

describe('the host of a benchmark', () => {
  it('is left open by default: it is waited for ten minutes, then another one measures', () => {
    assert.equal(resolved({}).config.hosts, undefined);
    assert.deepEqual(DEFAULT_HOST_POLICY, { host: '', onLoss: 'wait', lossLimitMs: 600_000 });
  });

  it('can be named, with what is done when it is lost', () => {
    const raw = { host: 'bench-1.example', onHostLoss: 'wait', hostLossLimit: '2h' };
    const { config } = resolved(raw);
    assert.deepEqual(config.hosts, {
      host: 'bench-1.example',
      onLoss: 'wait',
      lossLimitMs: 7_200_000,
    });
    assert.deepEqual(resolved(rawFromConfig(config)).config, config);
  });

  it('does not make another experiment of it', () => {
    const hash = resolved({}).configHash;
    assert.equal(resolved({ host: 'bench-1' }).configHash, hash);
    assert.equal(resolved({ onHostLoss: 'fail' }).configHash, hash);
  });

  it('is refused with every problem named: no name, two wishes that contradict, a limit without effect', () => {
    for (const host of ['a b', '-a', 'a/b', 'ä', 'x'.repeat(129), '.']) {
      assert.deepEqual(problemPaths({ host }), ['host'], host);
    }
    assert.deepEqual(problemPaths({ host: 'a', onHostLoss: 'rehome' }), ['onHostLoss']);
    assert.deepEqual(problemPaths({ host: '!', onHostLoss: 'rehome', hostLossLimit: '1m' }), [
      'host',
      'onHostLoss',
      'hostLossLimit',
    ]);
    assert.deepEqual(problemPaths({ onHostLoss: 'fail', hostLossLimit: '1m' }), ['hostLossLimit']);
    assert.deepEqual(problemPaths({ onHostLoss: 'stay' }), ['onHostLoss']);
  });

  it("is not what a worker's own variables are taken for", () => {
    const own = { LOOMBENCH_HOST_NAME: 'a', LOOMBENCH_HOST_LOCK: 'b', LOOMBENCH_HOME: '/c' };
    assert.deepEqual(rawFromEnvironment(own), { raw: {}, problems: [] });
    assert.deepEqual(rawFromEnvironment({ LOOMBENCH_HOST: 'a' }).raw, { host: 'a' });
  });
});
