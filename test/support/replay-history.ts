// Histories of workflows, replayed with the bundle that the build has made: workflow code may change only in ways that
// what is under way survives.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';

export type History = ReturnType<typeof historyFromJSON>;

const BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.cjs', import.meta.url));
/** A directory to record histories into: only for a new version of one, beside the old ones. */
const RECORD = process.env['LOOMBENCH_RECORD_HISTORY'];

/** @param name such as `benchmark-v1` */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/histories/${name}.json`, import.meta.url));
}

export async function goldenHistory(name: string): Promise<History> {
  return historyFromJSON(JSON.parse(await readFile(goldenPath(name), 'utf8')));
}

/** Of that execution, by default the latest of that id; recorded under `name` when that is asked for. */
export async function fetchHistory(
  client: Client,
  { workflowId, runId, name }: { workflowId: string; runId?: string; name: string },
): Promise<History> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  if (RECORD !== undefined)
    await writeFile(`${RECORD}/${name}.json`, `${withoutStacks(historyToJSON(history))}\n`);
  return history;
}

/** Stacks say where somebody's checkout lies, and nothing is replayed from them. */
function withoutStacks(json: string): string {
  return json.replaceAll(/"stackTrace":(\s*)"(?:[^"\\]|\\.)*"/g, '"stackTrace":$1""');
}

/** Why the history does not replay; empty when it does. */
export async function replayErrors(workflowId: string, history: History): Promise<Error[]> {
  const errors: Error[] = [];
  const results = Worker.runReplayHistories({ workflowBundle: { codePath: BUNDLE } }, [
    { workflowId, history },
  ]);
  let replayed = 0;
  for await (const { error } of results) {
    replayed += 1;
    if (error !== undefined) errors.push(error);
  }
  if (replayed !== 1) errors.push(new Error(`${replayed} histories were replayed`));
  return errors;
}
