// An embedded target that died before the generator had connected: the run is one to try again, not one that never can be.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFinal } from '../../src/contract/failure.ts';
import { measureOnTarget } from '../../src/harness/measure-on-target.ts';
import { claimPort } from '../../src/temporal/free-port.ts';
import { harnessConfig, providerConfig } from '../support/run-plans.ts';
import { aPlan } from '../support/activity-fixture.ts';

test('A target of ours that cannot be reached has died, also before anybody was told of its end', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'loombench-dead-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const claim = await claimPort([]);
  await claim.release();
  const settings = { llm: providerConfig(), llmConcurrencyLimit: 100, numAgents: 1 };
  const measured = measureOnTarget({
    plan: { ...aPlan(), harness: harnessConfig({ connectTimeoutMs: 1_000 }) },
    target: {
      address: `127.0.0.1:${claim.port}`,
      exited: new Promise(() => undefined),
      settings: () => Promise.resolve(settings),
      final: () => Promise.reject(new Error('it is gone')),
    },
    originNs: process.hrtime.bigint(),
    directory,
    signal: new AbortController().signal,
    wantsRecording: false,
    onProgress: () => undefined,
  });
  await assert.rejects(measured, { code: 'target-died' });
  assert.equal(isFinal('target-died'), false);
});
