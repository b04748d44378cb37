// Bundles the compiled workflows into one file that the worker loads at start; fails when a workflow imports
// something that cannot live in the sandbox.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const logger = new DefaultLogger('WARN');
Runtime.install({ logger });
const { code } = await bundleWorkflowCode({
  workflowsPath: join(root, 'dist', 'workflows', 'index.js'),
  logger,
});
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist', 'workflow-bundle.cjs'), code);
