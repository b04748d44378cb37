// The search for a capacity on real processes over loopback: five places of 50 ms, exponential, Poisson arrivals, of which
// theory knows the rate at which the mean response is 80 ms (experiment E2). Some five minutes of a machine that does nothing
// else: where others compute, calls go out late, and no trial confirms anything.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readCapacityRequest } from '../../src/config/capacity-request.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { CapacityTrial } from '../../src/contract/capacity.ts';
import { decideCapacity } from '../../src/suite/capacity-plan.ts';
import { judgeTrial } from '../../src/suite/capacity-trial.ts';
import { mmc } from '../support/queueing-theory.ts';
import { inBand, truthRun } from '../support/truth-runs.ts';

const PLACES = 5;
const SERVICE_MS = 50;
const LIMIT_MS = 80;
const SLO = `latency_mean<${LIMIT_MS}ms`;

function theoreticalRatePerS(): number {
  let [low, high] = [1, (1000 * PLACES) / SERVICE_MS];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (mmc(middle / 1000, SERVICE_MS, PLACES).meanResponseMs < LIMIT_MS) low = middle;
    else high = middle;
  }
  return low;
}

it('a capacity of M/M/5 is found within 10 % of its theoretical rate', async (t) => {
  const read = readCapacityRequest({
    slo: SLO,
    startRate: 40,
    settings: {
      llmBaseLatency: `${SERVICE_MS}ms`,
      llmJitter: '0ms',
      llmLatencyDistribution: 'exponential',
      llmConcurrencyLimit: PLACES,
    },
  });
  assert.ok(read.kind === 'ok', JSON.stringify(read));
  const trials: CapacityTrial[] = [];
  for (;;) {
    const next = decideCapacity(read.request, trials);
    if (next.kind === 'over') {
      assert.ok(next.result.confirmed, next.result.text);
      const truth = theoreticalRatePerS();
      inBand(t, 'calls/s', next.result.ratePerS, [0.9 * truth, 1.1 * truth]);
      return;
    }
    await pause(next.pauseMs ?? 0);
    const resolved = resolveConfig(next.level.settings);
    assert.ok(resolved.kind === 'ok', JSON.stringify(resolved));
    const { config } = resolved;
    const { trial } = judgeTrial(SLO, await truthRun(config, config.perRunWarmupMs));
    const { ratePerS, purpose } = next;
    t.diagnostic(`${purpose} ${ratePerS.toFixed(2)}/s ${trial.verdict}: ${trial.text}`);
    trials.push({ ratePerS, purpose, ...trial });
  }
});
