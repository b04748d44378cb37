// How much memory a large benchmark takes: bounds that hold on any machine, because memory does not depend on its speed.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { reportSchema } from '../../src/artifacts/report-schema.ts';
import type { JsonReport } from '../../src/contract/report.ts';
import { inheritedNodeFlags, siblingModule } from '../../src/runtime/child-process.ts';
import { runCli, temporaryDirectory } from '../support/cli-process.ts';

const MAX_MEGABYTES = 300;

let directory = '';
let remove: () => Promise<void>;
before(async () => ({ directory, remove } = await temporaryDirectory()));
after(() => remove());

/** The most memory that the program took, in MB. */
async function megabytesOf(program: string | URL): Promise<number> {
  const child = fork(program, [directory], { execArgv: inheritedNodeFlags() });
  const ended = once(child, 'exit');
  const kilobytes = await Promise.race([
    once(child, 'message').then(([sent]) => Number(sent)),
    ended.then(([code]) => assert.fail(`ended with ${String(code)} before it sent anything`)),
  ]);
  await ended;
  return (kilobytes * 1024) / 1e6;
}

it('records 5 million calls and their file within 300 MB', async () => {
  const megabytes = await megabytesOf(siblingModule(import.meta.url, './many-calls/record'));
  assert.ok(megabytes < MAX_MEGABYTES, `${megabytes} MB`);
});

it('makes a valid report of 5 million latencies within 300 MB', async () => {
  const megabytes = await megabytesOf(new URL('./many-calls/report.mjs', import.meta.url));
  assert.ok(megabytes < MAX_MEGABYTES, `${megabytes} MB`);
  // Ours; the schema looks at all of it but the latencies, one by one below.
  const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as JsonReport;
  for (const { latency_histogram: latencies = [], loombench } of report.runs) {
    assert.equal(latencies.length, 1_000_000);
    assert.ok(
      latencies.every(
        (us, index) => Number.isInteger(us) && us >= (latencies[index - 1] ?? 10_000),
      ),
    );
    assert.equal(loombench.windowCalls.ok, 5_000_000);
    // U(10 ms, 20 ms) has its median at 15 ms; of 5 million calls it lies within 0.1 %.
    assert.ok(Math.abs((loombench.latency.p50Us ?? 0) - 15_000) <= 15);
  }
  const runs = report.runs.map((run) => ({ ...run, latency_histogram: [10_000] }));
  reportSchema.parse({ ...report, runs });
});

it('shows that report in any form', async () => {
  const shown = await runCli(['report', 'report.json'], { cwd: directory });
  assert.equal(shown.exitCode, 0, shown.stderr);
  assert.match(shown.stdout, /25,000,000 calls measured/);
});
