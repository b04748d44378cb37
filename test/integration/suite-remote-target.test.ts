import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TargetState } from '../../src/activities/suite/interface.ts';
import { prepareTarget } from '../../src/activities/suite/prepare-target.ts';
import { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import type { Settings } from '../../src/contract/scenario.ts';
import { executeRun } from '../../src/harness/execute-run.ts';
import { ControlPlane } from '../../src/target/control-plane.ts';
import { fakeDependencies } from '../support/activity-fixture.ts';
import { childrenRunning } from '../support/own-children.ts';
import { startTarget, type TargetFixture } from '../support/target-fixture.ts';

/** Answers as a bench server does, and changes nothing. */
async function startLiar(): Promise<{ url: string; asked: string[]; server: Server }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"status":"reconfigured"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return { url: `http://127.0.0.1:${port}`, asked, server };
}

describe('a server given by address, before a level is measured on it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'loombench-remote-'));
  const deps = fakeDependencies(new ArtifactStore(directory), { executeRun });
  let target: TargetFixture;
  let controlPlane: ControlPlane;
  let honest = '';
  let liar: Awaited<ReturnType<typeof startLiar>>;

  before(async () => {
    target = await startTarget();
    controlPlane = new ControlPlane(target.server, 'test');
    honest = await controlPlane.listen('127.0.0.1', 0);
    liar = await startLiar();
  });
  after(async () => {
    await controlPlane.stop();
    liar.server.close();
    liar.server.closeAllConnections();
    await target.stop();
    rmSync(directory, { recursive: true, force: true });
    assert.deepEqual(childrenRunning('-main.'), []);
  });

  function prepared(
    settings: Settings,
    told: { controlPlane: string | null; trustServer?: boolean },
  ): Promise<TargetState> {
    return prepareTarget(
      deps,
      {
        suite: { workflowId: 's', firstExecutionRunId: 'r' },
        settings: { llmJitter: '0ms', ...settings, serverAddr: target.address },
        controlPlane: told.controlPlane,
        trustServer: told.trustServer ?? false,
      },
      new AbortController().signal,
    );
  }

  it('is INVALID, with what was asked and what was observed, when its control plane says yes and changes nothing', async () => {
    const state = await prepared({ llmBaseLatency: '1000ms' }, { controlPlane: liar.url });
    assert.ok(state.kind === 'invalid', JSON.stringify(state));
    assert.match(state.reasons.join(), /^asked 1000 ms, observed [\d.]+ ms \(LLM latency\)$/);
    assert.deepEqual(liar.asked, ['/reconfigure', '/reset']);
    const short = await prepared({ llmBaseLatency: '1ms' }, { controlPlane: liar.url });
    assert.ok(short.kind === 'invalid', JSON.stringify(short));
    assert.match(short.reasons.join(), /^asked 1 ms, observed 0\.\d+ ms \(LLM latency\)$/);
    const errors = await prepared(
      { llmBaseLatency: '0ms', llmErrorRate: 0.5 },
      { controlPlane: liar.url },
    );
    assert.ok(errors.kind === 'invalid');
    assert.match(errors.reasons.join(), /asked 50 %, observed 0 %/);
    const agents = await prepared(
      { llmBaseLatency: '0ms', numAgents: 50 },
      { controlPlane: liar.url },
    );
    assert.deepEqual(agents, { kind: 'invalid', reasons: ['asked 50 agents, observed 1'] });
    const chunks = await prepared(
      { llmBaseLatency: '0ms', useStreaming: true, streamChunkDelay: '30ms' },
      { controlPlane: liar.url },
    );
    assert.ok(chunks.kind === 'invalid', JSON.stringify(chunks));
    assert.match(
      chunks.reasons.join(),
      /^asked 30 ms, observed [\d.]+ ms \(delay between chunks\)$/,
    );
  });

  it('is not asked twice when it is to be trusted', async () => {
    const before = target.server.metrics().totalCalls;
    const told = { controlPlane: liar.url, trustServer: true };
    assert.deepEqual(await prepared({ llmBaseLatency: '1000ms' }, told), { kind: 'ready' });
    assert.equal(target.server.metrics().totalCalls, before);
  });

  it('is skipped when it cannot be set and runs otherwise, and ready when it runs so already', async () => {
    const state = await prepared({ llmBaseLatency: '300ms' }, { controlPlane: null });
    assert.ok(state.kind === 'skip');
    assert.match(state.reason, /no control plane.*asked 300 ms, observed/);
    assert.deepEqual(await prepared({ llmBaseLatency: '0ms' }, { controlPlane: null }), {
      kind: 'ready',
    });
  });

  it('is ready when it was set and does as it was told: latency, agents, limiter', async () => {
    const wanted = { llmBaseLatency: '100ms', numAgents: 7, llmConcurrencyLimit: 1000 };
    assert.deepEqual(await prepared(wanted, { controlPlane: honest }), { kind: 'ready' });
    const streaming = { ...wanted, useStreaming: true, streamChunkDelay: '10ms' };
    assert.deepEqual(await prepared(streaming, { controlPlane: honest }), { kind: 'ready' });
    const { llm, numAgents } = target.server.state();
    assert.equal(llm.baseLatencyMs, 100);
    assert.equal(numAgents, 7);
    const short = { llmBaseLatency: '1ms', llmConcurrencyLimit: 1000 };
    assert.deepEqual(await prepared(short, { controlPlane: honest }), { kind: 'ready' });
  });

  it('is INVALID when only its limiter is another', async () => {
    target.server.reconfigure({ llm: { baseLatencyMs: 100 }, llmConcurrencyLimit: 5 });
    const wanted = { llmBaseLatency: '100ms', llmConcurrencyLimit: 1000 };
    const state = await prepared(wanted, { controlPlane: liar.url });
    assert.ok(state.kind === 'invalid', JSON.stringify(state));
    assert.match(state.reasons.join(), /asked a limit of 1000 .* observed one of about [3-6]$/);
  });
});
