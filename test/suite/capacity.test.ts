import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCapacityRequest } from '../../src/config/capacity-request.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { CapacityRequest, CapacityTrial } from '../../src/contract/capacity.ts';
import type { CapacityResult } from '../../src/contract/suite.ts';
import { decideCapacity, planCapacity } from '../../src/suite/capacity-plan.ts';

function request(changes: Record<string, unknown> = {}): CapacityRequest {
  const read = readCapacityRequest({ slo: 'latency_mean<80ms', startRate: 10, ...changes });
  assert.ok(read.kind === 'ok', JSON.stringify(read));
  return read.request;
}

type Verdict = CapacityTrial['verdict'];

interface Search {
  readonly result: CapacityResult;
  readonly trials: readonly CapacityTrial[];
}

function searched(asked: CapacityRequest, judge: (ratePerS: number) => Verdict): Search {
  const trials: CapacityTrial[] = [];
  for (;;) {
    const next = decideCapacity(asked, trials);
    if (next.kind === 'over') return { result: next.result, trials };
    const { ratePerS, purpose } = next;
    trials.push({ ratePerS, purpose, verdict: judge(ratePerS), text: 'as the test says' });
  }
}

const upTo =
  (truth: number) =>
  (ratePerS: number): Verdict =>
    ratePerS <= truth ? 'met' : 'missed';

describe('the search for a capacity', () => {
  it('comes within its tolerance of the rate at which the service level is just met, from below', () => {
    for (const truth of [0.7, 9.99, 10, 81, 1234, 77_000]) {
      const { result, trials } = searched(request(), upTo(truth));
      const { bound, confirmed, ratePerS } = result;
      assert.ok(ratePerS !== null && confirmed, result.text);
      assert.ok(ratePerS <= truth && ratePerS >= truth / 1.05, `${truth}: ${result.text}`);
      assert.ok(bound?.kind === 'missed' && bound.ratePerS > truth, JSON.stringify(bound));
      assert.equal(trials.at(-1)?.purpose, 'confirm');
      assert.equal(trials.at(-1)?.ratePerS, ratePerS);
    }
  });

  it('takes a rate back that a fresh run does not confirm, and goes on below it', () => {
    let luck = true;
    const { result, trials } = searched(request(), (rate) => {
      if (rate > 60 && rate < 80 && luck) {
        luck = false;
        return 'met';
      }
      return upTo(50)(rate);
    });
    assert.ok(result.ratePerS !== null && result.ratePerS <= 50 && result.ratePerS > 50 / 1.05);
    assert.ok(trials.filter(({ purpose }) => purpose === 'confirm').length >= 1);
  });

  it('says so when the most that may be tried is still met, or nothing is', () => {
    const most = searched(request({ maxRate: 100 }), () => 'met');
    assert.equal(most.result.ratePerS, 100);
    assert.deepEqual(most.result.bound, { kind: 'limit', ratePerS: 100 });
    assert.match(most.result.text, /still met at 100 calls\/s/);
    const none = searched(request(), () => 'missed');
    assert.equal(none.result.ratePerS, null);
    assert.match(none.result.text, /missed even at/);
    const tired = searched(request({ maxTrials: 3 }), upTo(1000));
    assert.equal(tired.trials.length, 3);
    assert.equal(tired.result.confirmed, false);
    assert.equal(tired.result.bound, null);
  });

  it('repeats a spoilt trial at its rate, and lands where it would have without it', () => {
    const plain = searched(request(), upTo(81));
    let calls = 0;
    const { result, trials } = searched(request(), (rate) => {
      calls += 1;
      // Every third: of all purposes, and also right after each other's repetition.
      return calls % 3 === 0 ? 'spoilt' : upTo(81)(rate);
    });
    assert.deepEqual(result, plain.result);
    const spoilt = trials.flatMap(({ verdict }, index) => (verdict === 'spoilt' ? [index] : []));
    assert.ok(spoilt.length >= 4);
    for (const index of spoilt) {
      assert.equal(trials[index + 1]?.ratePerS, trials[index]?.ratePerS);
      assert.equal(trials[index + 1]?.purpose, trials[index]?.purpose);
    }
    assert.equal(trials.length, plain.trials.length + spoilt.length);
  });

  it('waits longer before each repetition, and not before a trial that is none', () => {
    const pauses = (
      asked: CapacityRequest,
      verdicts: readonly Verdict[],
    ): (number | undefined)[] => {
      const trials: CapacityTrial[] = [];
      return verdicts.map((verdict) => {
        const next = decideCapacity(asked, trials);
        assert.ok(next.kind === 'try');
        const { ratePerS, purpose, pauseMs } = next;
        trials.push({ ratePerS, purpose, verdict, text: '' });
        return pauseMs;
      });
    };
    const verdicts: Verdict[] = ['met', 'spoilt', 'spoilt', 'met', 'spoilt', 'missed', 'met'];
    assert.deepEqual(pauses(request(), verdicts), [0, 0, 10_000, 20_000, 0, 10_000, 0]);
    // Three in a row and the rate is left: the next one is another.
    const gone: Verdict[] = ['met', 'spoilt', 'spoilt', 'spoilt', 'met'];
    assert.deepEqual(pauses(request(), gone), [0, 0, 10_000, 20_000, 0]);
  });

  it('lets a trial that was met with late calls show the way, and confirms by none of them', () => {
    const plain = searched(request(), upTo(81));
    const everyOther = { on: false };
    const { result, trials } = searched(request(), (rate) => {
      everyOther.on = !everyOther.on;
      return rate > 81 ? 'missed' : everyOther.on ? 'late' : 'met';
    });
    assert.equal(result.ratePerS, plain.result.ratePerS);
    assert.equal(result.confirmed, true);
    const last = trials.at(-1);
    assert.deepEqual([last?.purpose, last?.verdict], ['confirm', 'met']);
    // None but confirmations were repeated.
    for (const [index, { purpose, ratePerS, verdict }] of trials.entries()) {
      const repeated = trials[index + 1]?.ratePerS === ratePerS;
      if (verdict === 'late' && purpose !== 'confirm') {
        assert.ok(!repeated || trials[index + 1]?.purpose === 'confirm');
      }
      if (verdict === 'late' && purpose === 'confirm') assert.ok(repeated);
    }
  });

  it('looks below a rate whose confirmations were late three times, and confirms nothing when all are', () => {
    const lateAbove = searched(request(), (rate) => {
      if (rate > 81) return 'missed';
      return rate > 60 ? 'late' : 'met';
    });
    assert.equal(lateAbove.result.confirmed, true, lateAbove.result.text);
    assert.ok((lateAbove.result.ratePerS ?? 0) <= 60);
    assert.equal(lateAbove.result.bound?.kind, 'unmeasured');
    const always = searched(request(), (rate) => (rate > 81 ? 'missed' : 'late'));
    assert.equal(always.result.confirmed, false);
    assert.equal(always.result.ratePerS, searched(request(), upTo(81)).result.ratePerS);
    assert.equal(always.trials.filter(({ purpose }) => purpose === 'confirm').length, 3);
    assert.match(
      always.result.text,
      /^No rate was confirmed to meet .*met by calls that went out late.* \(as the test says\)\.$/,
    );
  });

  it('never takes what the generator cannot offer for an overload of the server', () => {
    const { result, trials } = searched(request(), (rate) => (rate > 300 ? 'spoilt' : 'met'));
    assert.ok(result.ratePerS !== null && result.confirmed);
    assert.ok(result.ratePerS <= 300 && result.ratePerS >= 300 / 1.05, result.text);
    assert.ok(result.bound?.kind === 'unmeasured' && result.bound.ratePerS > 300);
    assert.match(result.text, /so the capacity may be higher/);
    const tried = trials.filter(({ ratePerS }) => ratePerS === 320);
    assert.deepEqual(
      tried.map(({ verdict }) => verdict),
      ['spoilt', 'spoilt', 'spoilt'],
    );
  });

  it('forgets what was spoilt at a rate once a trial there counted, up to its confirmation', () => {
    let atEighty = 0;
    const { result, trials } = searched(request(), (rate) => {
      if (rate !== 80) return upTo(81)(rate);
      // Two spoilt before it is met, two before that is confirmed.
      atEighty += 1;
      return atEighty % 3 === 0 ? 'met' : 'spoilt';
    });
    assert.equal(result.ratePerS, 80);
    assert.equal(result.confirmed, true);
    assert.equal(trials.filter(({ ratePerS }) => ratePerS === 80).length, 6);
  });

  it('ends with the reason when nothing can be measured at any rate', () => {
    const { result, trials } = searched(request({ maxTrials: 100 }), () => 'spoilt');
    assert.equal(result.ratePerS, null);
    assert.equal(result.confirmed, false);
    assert.equal(result.bound?.kind, 'unmeasured');
    assert.match(result.text, /nothing could be measured even at .* \(as the test says\)/);
    assert.ok(trials.length <= 33);
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
    const trial = { ratePerS: 100, purpose: 'bracket', verdict: 'met', text: '' } as const;
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
    const watch = { regression: 'series', failOnRegression: true, notifyWebhook: 'http://x/' };
    const refused = problems({ slo: 'latency_p99<1s', settings: watch });
    for (const key of Object.keys(watch)) assert.match(refused, new RegExp(`settings\\.${key} `));
  });
});
