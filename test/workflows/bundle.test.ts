import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { repositoryRoot } from '../support/repository.ts';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import {
  BENCHMARK_WORKFLOW_TYPE,
  CAPACITY_WORKFLOW_TYPE,
  SUITE_WORKFLOW_TYPE,
} from '../../src/contract/ids.ts';
import { LEASE_WORKFLOW_TYPE } from '../../src/contract/target-lease.ts';
import * as workflows from '../../src/workflows/index.ts';

const quiet = new DefaultLogger('ERROR', () => undefined);
Runtime.install({ logger: quiet });

describe('the workflow bundle', () => {
  it('is made without a server and holds nothing of the rooms that may not be replayed', async () => {
    const workflowsPath = join(repositoryRoot, 'src', 'workflows', 'index.ts');
    const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet });
    for (const room of ['activities', 'statistics', 'harness', 'config', 'report', 'artifacts']) {
      assert.ok(!code.includes(`/src/${room}/`), `src/${room} is in the bundle`);
    }
    // 1.5 MB is the SDK itself; a library that slipped in would show.
    assert.ok(code.length < 4_000_000, `${code.length} characters`);
  });

  it('exports the workflows under the types that clients start', () => {
    assert.deepEqual(Object.keys(workflows), [
      BENCHMARK_WORKFLOW_TYPE,
      SUITE_WORKFLOW_TYPE,
      CAPACITY_WORKFLOW_TYPE,
      LEASE_WORKFLOW_TYPE,
    ]);
  });

  it('cannot be made from a workflow that reads a file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'loombench-bundle-'));
    try {
      const workflowsPath = join(directory, 'index.ts');
      await writeFile(
        workflowsPath,
        "import { readFileSync } from 'node:fs';\nexport async function bad() { return readFileSync('/etc/hosts'); }\n",
      );
      await assert.rejects(bundleWorkflowCode({ workflowsPath, logger: quiet }));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
