import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { credentials } from '@grpc/grpc-js';
import { BenchmarkError } from '../../src/contract/failure.ts';
import { createLoomClient } from '../../src/protocol/loom-service.ts';
import { ControlPlaneClient } from '../../src/target/control-plane-client.ts';
import { runStandaloneTarget, type StandaloneTarget } from '../../src/target/standalone-target.ts';
import { providerConfig } from '../support/run-plans.ts';

describe('the control plane of a target that runs alone', () => {
  let target: StandaloneTarget;
  let control: ControlPlaneClient;

  before(async () => {
    target = await runStandaloneTarget({
      llm: providerConfig(),
      llmConcurrencyLimit: 0,
      numAgents: 1,
      seed: 1,
      grpcPort: 0,
      httpPort: 0,
      commit: 'abc123',
    });
    control = new ControlPlaneClient(target.httpUrl);
  });
  after(() => target.stop());

  /** Milliseconds that one Weave takes, and how it ended. */
  async function weave(): Promise<{ tookMs: number; code: number }> {
    const client = createLoomClient(target.grpcAddress, credentials.createInsecure());
    const startedAtMs = performance.now();
    const code = await new Promise<number>((resolve) => {
      client.Weave({ query: 'SELECT 1' }, (error) => resolve(error?.code ?? 0));
    });
    const tookMs = performance.now() - startedAtMs;
    client.close();
    return { tookMs, code };
  }

  it('says that it is well and which build it is', async () => {
    assert.deepEqual(await control.health(), { status: 'ok', commit: 'abc123' });
  });

  it('makes calls take as long as it was told, counts them, and forgets them on reset', async () => {
    await control.reset();
    await control.reconfigure({ llm_latency_ms: 120, llm_jitter_ms: 0 });
    const { tookMs, code } = await weave();
    assert.equal(code, 0);
    assert.ok(tookMs >= 120, `a call of 120 ms took ${tookMs} ms`);
    const metrics = await control.metrics();
    assert.equal(metrics.TotalCalls, 1);
    assert.equal(metrics.SuccessCount, 1);
    assert.ok((metrics.MinLatency ?? 0) >= 120e6);
    await control.reset();
    assert.equal((await control.metrics()).TotalCalls, 0);
    await control.reconfigure({ llm_latency_ms: 0 });
  });

  it('refuses unknown and impossible settings at once, names each, and changes nothing', async () => {
    const url = `${target.httpUrl}/reconfigure`;
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ llm_latncy_ms: 5, llm_error_rate: 2, llm_latency_ms: 700 }),
    });
    assert.equal(response.status, 400);
    const text = await response.text();
    assert.match(text, /llm_latncy_ms/);
    assert.match(text, /llm_error_rate/);
    assert.ok((await weave()).tookMs < 700, 'the good setting beside the bad ones was not applied');
  });

  it('says port-in-use for a port that somebody has', async () => {
    const taken = Number(target.httpUrl.split(':').at(-1));
    const second = runStandaloneTarget({
      llm: providerConfig(),
      llmConcurrencyLimit: 0,
      numAgents: 1,
      seed: 1,
      grpcPort: 0,
      httpPort: taken,
    });
    await assert.rejects(second, (error) => {
      assert.ok(error instanceof BenchmarkError);
      assert.equal(error.code, 'port-in-use');
      return true;
    });
  });
});
