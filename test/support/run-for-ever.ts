// A process that measures until it is killed, for tests of what is left behind then. Says `loading` when calls end.

import { tmpdir } from 'node:os';
import { executeRun } from '../../src/harness/execute-run.ts';
import { runPlan } from './run-plans.ts';

await executeRun(
  runPlan({ durationMs: 600_000, llm: { baseLatencyMs: 10 } }, { collect: { histogram: false } }),
  {
    directory: tmpdir(),
    signal: new AbortController().signal,
    onProgress: ({ completed }) => {
      if (completed > 0) process.stdout.write('loading\n');
    },
  },
);
