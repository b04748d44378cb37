// The promise of the durable job, tried with real processes: whatever is struck, and when, the benchmark ends with exactly
// the runs that were asked for, and nothing is left running. `npm run crash-matrix` tries at random.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { temporalCliPath } from '../../support/cli-process.ts';
import { runTrial } from './run-trial.ts';
import { FIXED_DOZEN, trialName } from './trial.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'reads /proc' };
/** Most of a trial is waiting, for a heartbeat or a process. */
const AT_ONCE = 5;
const TIMEOUT_MS = 300_000;

describe('a benchmark that is crashed', { ...onLinux, concurrency: AT_ONCE }, () => {
  let temporalCli = '';
  before(async () => {
    temporalCli = await temporalCliPath();
  });
  for (const trial of FIXED_DOZEN) {
    it(`survives ${trialName(trial)}`, { timeout: TIMEOUT_MS }, async () => {
      const { violations } = await runTrial(trial, temporalCli);
      assert.deepEqual(violations, []);
    });
  }
});
