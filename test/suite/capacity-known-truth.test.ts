// The search with the real schedule, driver and recorder, in simulated time, against a server whose capacity follows from
// theory: five places, exponential service of 50 ms, Poisson arrivals.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCapacityRequest } from '../../src/config/capacity-request.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { CapacityTrial } from '../../src/contract/capacity.ts';
import type { CapacityResult, PlannedLevel } from '../../src/contract/suite.ts';
import { planLoad } from '../../src/harness/arrivals/load-model.ts';
import { seededRandom } from '../../src/harness/arrivals/seeded-random.ts';
import { decideCapacity } from '../../src/suite/capacity-plan.ts';
import { judgeTrial } from '../../src/suite/capacity-trial.ts';
import { mmc } from '../support/queueing-theory.ts';
import { simulate, Station } from '../support/simulated-load.ts';
import { aMeasurement } from '../support/stored-run.ts';

const PLACES = 5;
const SERVICE_MS = 50;
const LIMIT_MS = 80;
const SLO = `latency_mean<${LIMIT_MS}ms`;

/** Erlang's C by its sum. */
function meanResponseMs(ratePerS: number): number {
  const offered = (ratePerS * SERVICE_MS) / 1000;
  const terms = [1];
  for (let k = 1; k <= PLACES; k++) terms.push(((terms[k - 1] ?? 0) * offered) / k);
  const waiting = ((terms[PLACES] ?? 0) * PLACES) / (PLACES - offered);
  const serving = terms.slice(0, PLACES).reduce((sum, term) => sum + term, 0);
  const mustWait = waiting / (serving + waiting);
  return SERVICE_MS + (mustWait * SERVICE_MS) / (PLACES - offered);
}

function theoreticalRatePerS(): number {
  let [low, high] = [1, (1000 * PLACES) / SERVICE_MS];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (meanResponseMs(middle) < LIMIT_MS) low = middle;
    else high = middle;
  }
  return low;
}

async function trialOf(level: PlannedLevel): Promise<Pick<CapacityTrial, 'verdict' | 'text'>> {
  const resolved = resolveConfig(level.settings);
  assert.ok(resolved.kind === 'ok', JSON.stringify(resolved));
  const { config } = resolved;
  const random = seededRandom(config.seed + 1_000_000);
  const { summary } = await simulate({
    load: planLoad(config, null),
    server: new Station(PLACES, () => -SERVICE_MS * Math.log1p(-random())),
    trim: {
      kind: 'duration',
      startNs: config.perRunWarmupMs * 1e6,
      endNs: config.durationMs * 1e6,
    },
  });
  return judgeTrial(SLO, aMeasurement({ ...summary, latency: summary.responseTime })).trial;
}

async function searched(seed: number): Promise<CapacityResult> {
  const read = readCapacityRequest({ slo: SLO, startRate: 10, seed });
  assert.ok(read.kind === 'ok');
  const trials: CapacityTrial[] = [];
  for (;;) {
    const next = decideCapacity(read.request, trials);
    if (next.kind === 'over') return next.result;
    const { level, ratePerS, purpose } = next;
    trials.push({ ratePerS, purpose, ...(await trialOf(level)) });
  }
}

describe('the capacity of five places of 50 ms, exponential, for a mean response below 80 ms', () => {
  const truth = theoreticalRatePerS();

  it('is about 80.9 calls/s in theory', () => {
    // At a load of 0.8 theory says 77.706 ms.
    assert.ok(Math.abs(meanResponseMs(80) - 77.706) < 1e-3);
    assert.ok(Math.abs(mmc(truth / 1000, SERVICE_MS, PLACES).meanResponseMs - LIMIT_MS) < 1e-6);
    assert.ok(truth > 80.9 && truth < 81, String(truth));
  });

  it('is found within 10 % of theory, with a missed rate within 5 % above it', async () => {
    for (const seed of [1, 2, 3]) {
      const { bound, confirmed, ratePerS, text } = await searched(seed);
      assert.ok(ratePerS !== null && confirmed, text);
      assert.ok(Math.abs(ratePerS / truth - 1) <= 0.1, `${ratePerS} of ${truth}: ${text}`);
      assert.ok(bound?.kind === 'missed' && bound.ratePerS <= ratePerS * 1.05, text);
    }
  });
});
