import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCapacityRequest } from '../../src/config/capacity-request.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { CapacityRequest, CapacityTrial } from '../../src/contract/capacity.ts';
import type { CapacityResult, LevelOutcome } from '../../src/contract/suite.ts';
import { decideCapacity, planCapacity } from '../../src/suite/capacity-plan.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { mmc } from '../support/queueing-theory.ts';
import { measured } from '../support/suite-results.ts';

function request(changes: Record<string, unknown> = {}): CapacityRequest {
  const read = readCapacityRequest({ slo: 'latency_mean<80ms', startRate: 10, ...changes });
  assert.ok(read.kind === 'ok', JSON.stringify(read));
  return read.request;
}

/** A trial whose service level was met, or missed. */
function outcome(met: boolean): LevelOutcome {
  const threshold = {
    metric: 'latency_mean',
    comparison: '<',
    limit: 80_000,
    unit: 'us',
    text: 'latency_mean<80ms',
    observed: 1,
    status: met ? 'pass' : 'fail',
    message: '',
  } as const;
  const base = measured({});
  assert.ok(base.kind === 'measured');
  return { ...base, thresholds: [threshold] };
}

interface Search {
  readonly result: CapacityResult;
  readonly trials: readonly CapacityTrial[];
}

function searched(asked: CapacityRequest, meets: (ratePerS: number) => LevelOutcome): Search {
  const trials: CapacityTrial[] = [];
  for (;;) {
    const next = decideCapacity(asked, trials);
    if (next.kind === 'over') return { result: next.result, trials };
    const { ratePerS, purpose } = next;
    trials.push({ ratePerS, purpose, outcome: meets(ratePerS) });
  }
}

describe('the search for a capacity', () => {
  it('comes within its tolerance of the rate at which the service level is just met, from below', () => {
    for (const truth of [0.7, 9.99, 10, 81, 1234, 77_000]) {
      const { result, trials } = searched(request(), (rate) => outcome(rate <= truth));
      assert.ok(result.ratePerS !== null && result.confirmed, result.text);
      assert.ok(
        result.ratePerS <= truth && result.ratePerS >= truth / 1.05,
        `${truth}: ${result.text}`,
      );
      assert.equal(trials.at(-1)?.purpose, 'confirm');
      assert.equal(trials.at(-1)?.ratePerS, result.ratePerS);
    }
  });

  it('lands within 10 % of theory on M/M/5 with noisy means: 50 ms exponential, mean response below 80 ms', () => {
    // rho 0.8 gives 77.7 ms at 80/s; the mean crosses 80 ms a little above it.
    let truth = 80;
    while (mmc(truth / 1000, 50, 5).meanResponseMs < 80) truth += 0.01;
    assert.ok(truth > 80.5 && truth < 82, String(truth));
    const random = mulberry32(7);
    let within = 0;
    for (let search = 0; search < 200; search += 1) {
      const { result } = searched(request(), (rate) => {
        const { meanResponseMs } =
          rate >= 100 ? { meanResponseMs: Infinity } : mmc(rate / 1000, 50, 5);
        // A trial of some thousand calls sees the mean with an error that grows with the load; here +-8 %.
        const noise = 1 + 0.08 * (2 * random() - 1);
        return outcome(meanResponseMs * noise < 80);
      });
      if (result.ratePerS !== null && Math.abs(result.ratePerS / truth - 1) <= 0.1) within += 1;
    }
    assert.equal(within, 200);
  });

  it('takes a rate back that a fresh run does not confirm, and goes on below it', () => {
    let luck = true;
    const { result, trials } = searched(request(), (rate) => {
      if (rate > 60 && rate < 80 && luck) {
        luck = false;
        return outcome(true);
      }
      return outcome(rate <= 50);
    });
    assert.ok(result.ratePerS !== null && result.ratePerS <= 50 && result.ratePerS > 50 / 1.05);
    assert.ok(trials.filter(({ purpose }) => purpose === 'confirm').length >= 1);
  });

  it('says so when the most that may be tried is still met, or nothing is', () => {
    const most = searched(request({ maxRate: 100 }), () => outcome(true));
    assert.equal(most.result.ratePerS, 100);
    assert.match(most.result.text, /still met at 100 calls\/s/);
    const none = searched(request(), () => outcome(false));
    assert.equal(none.result.ratePerS, null);
    assert.match(none.result.text, /missed even at/);
    const tired = searched(request({ maxTrials: 3 }), (rate) => outcome(rate < 1000));
    assert.equal(tired.trials.length, 3);
    assert.equal(tired.result.confirmed, false);
  });

  it('holds nothing for met that was not measured, or is INVALID', () => {
    const failed: LevelOutcome = { kind: 'failed', code: 'x', reason: 'y' };
    assert.equal(searched(request(), () => failed).result.ratePerS, null);
    const invalid = { ...outcome(true), verdict: 'INVALID' } as LevelOutcome;
    assert.equal(searched(request(), () => invalid).result.ratePerS, null);
  });

  it('gives each trial the calls that its percentile needs, and other draws than the last', () => {
    const asked = request({ slo: 'latency_p999<1s,error_rate<1%', startRate: 100 });
    const first = decideCapacity(asked, []);
    assert.ok(first.kind === 'try');
    const resolved = resolveConfig(first.level.settings);
    assert.ok(resolved.kind === 'ok', JSON.stringify(resolved));
    const { durationMs, perRunWarmupMs, arrival, thresholds, seed } = resolved.config;
    assert.deepEqual(arrival, { kind: 'poisson', ratePerS: 100 });
    // Ten calls beyond the p99.9 are 10,000 calls: 100 s at 100/s, after the trimmed tenth.
    assert.ok(Math.abs(durationMs - perRunWarmupMs - 100_000) < 10);
    assert.equal(thresholds?.length, 2);
    const trial = { ratePerS: 100, purpose: 'bracket', outcome: outcome(true) } as const;
    const second = decideCapacity(asked, [trial]);
    assert.ok(second.kind === 'try');
    assert.notEqual(second.level.settings['seed'], seed);
    assert.equal(second.ratePerS, 200);
  });

  it('is refused without a service level, and with settings that it decides itself', () => {
    const problems = (raw: unknown): string => {
      const read = readCapacityRequest(raw);
      const plan = read.kind === 'ok' ? planCapacity(read.request) : read;
      assert.ok(plan.kind === 'invalid');
      return plan.problems.map(({ path, message }) => `${path} ${message}`).join('\n');
    };
    assert.match(problems({}), /slo/);
    assert.match(problems({ slo: 'latency_p98<1s' }), /latency_p98/);
    assert.match(problems({ slo: 'latency_p99<500' }), /duration/);
    assert.match(
      problems({ slo: 'latency_p99<1s', settings: { rate: 5 } }),
      /rate is decided here/,
    );
  });
});
