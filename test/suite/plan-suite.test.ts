import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSuiteRequest } from '../../src/config/suite-request.ts';
import type { PlannedLevel, SuitePlan } from '../../src/contract/suite.ts';
import { SUITE_SCENARIOS } from '../../src/scenarios/index.ts';
import { planSuite, suiteWatch } from '../../src/suite/plan-suite.ts';

function planned(raw: unknown): SuitePlan {
  const read = readSuiteRequest(raw);
  assert.ok(read.kind === 'ok', JSON.stringify(read));
  const plan = planSuite(read.request);
  assert.ok(plan.kind === 'ok', JSON.stringify(plan));
  return plan.plan;
}

function levelOf(plan: SuitePlan, scenario: string, level: string): PlannedLevel {
  const found = plan.levels.find((one) => one.scenario === scenario && one.level === level);
  assert.ok(found !== undefined, `${scenario}/${level}`);
  return found;
}

const names = (plan: SuitePlan): string[] =>
  plan.levels.map(({ scenario, level }) => `${scenario}/${level}`);

/** Levels of each scenario, as the reference of Loom's suite has them. */
const LEVELS = {
  sustained_load: 1,
  concurrency_scaling: 11,
  peak_throughput: 7,
  memory_pressure: 8,
  multi_turn: 7,
  realistic_llm: 18,
  fresh_vs_reused: 2,
  session_contention: 8,
  multi_agent: 7,
  error_resilience: 4,
  streamweave: 6,
  cold_start: 1,
};

describe('the plan of a suite', () => {
  it("has all levels of Loom's twelve scenarios when nothing else is asked for", () => {
    for (const raw of [undefined, null, {}, 'all', { scenarios: ['all'] }]) {
      const plan = planned(raw);
      const counts = Object.fromEntries(
        SUITE_SCENARIOS.map(({ id }) => [
          id,
          plan.levels.filter(({ scenario }) => scenario === id).length,
        ]),
      );
      assert.deepEqual(counts, LEVELS);
    }
  });

  it('gives each level the runs that its scenario takes of those asked for', () => {
    const plan = planned({ scenarios: ['all'], runs: 10, warmupRuns: 2 });
    const runs = (scenario: string, level: string): unknown[] => {
      const { settings } = levelOf(plan, scenario, level);
      return [settings['runs'], settings['warmupRuns']];
    };
    assert.deepEqual(runs('sustained_load', '20-workers'), [10, 2]);
    assert.deepEqual(runs('memory_pressure', '1000-sessions'), [5, 1]);
    assert.deepEqual(runs('realistic_llm', '500ms-200-workers'), [5, 0]);
    // Each is an iteration of its own.
    assert.deepEqual(runs('cold_start', 'cold'), [10, 0]);
    const settings = { serverAddr: 'loom.test:1' };
    const remote = planned({ scenarios: ['cold_start', 'streamweave'], runs: 10, settings });
    // It is not started anew for a second one.
    assert.equal(levelOf(remote, 'cold_start', 'cold').settings['runs'], 1);
    assert.equal(levelOf(remote, 'streamweave', '5-workers').settings['runs'], 5);
    const few = planned({ scenarios: ['multi_agent'], runs: 1, warmupRuns: 0 });
    assert.ok(few.levels.every(({ settings }) => settings['runs'] === 1));
  });

  it('draws the order from the seed, keeps scenarios together, and can be drawn again', () => {
    const one = planned({ scenarios: ['all'], seed: 1 });
    assert.deepEqual(names(planned({ scenarios: ['all'], seed: 1 })), names(one));
    assert.notDeepEqual(names(planned({ scenarios: ['all'], seed: 2 })), names(one));
    const blocks = one.levels.filter(
      ({ scenario }, index) => one.levels[index - 1]?.scenario !== scenario,
    );
    assert.equal(blocks.length, SUITE_SCENARIOS.length);
    const scaling = one.levels.filter(({ scenario }) => scenario === 'concurrency_scaling');
    const values = scaling.map(({ value }) => value);
    assert.notDeepEqual(
      values,
      [...values].sort((a, b) => a - b),
    );
  });

  it("keeps Loom's order when it is asked for, and rising levels where memory is at stake", () => {
    const plan = planned({ scenarios: ['all'], order: 'ascending' });
    assert.deepEqual(
      names(plan),
      SUITE_SCENARIOS.flatMap(({ id, levels }) => levels.map(({ name }) => `${id}/${name}`)),
    );
    for (const seed of [1, 2, 3]) {
      const { levels } = planned({ scenarios: ['memory_pressure'], seed });
      const values = levels.map(({ value }) => value);
      assert.deepEqual(
        values,
        [...values].sort((a, b) => a - b),
      );
    }
  });

  it('shortens durations and counts by the scale, and the trimmed share stays', () => {
    const plan = planned({ scenarios: ['all'], scale: 0.02 });
    const settings = (scenario: string, level: string): PlannedLevel['settings'] =>
      levelOf(plan, scenario, level).settings;
    assert.equal(settings('sustained_load', '20-workers')['duration'], '2400ms');
    assert.equal(settings('sustained_load', '20-workers')['perRunWarmup'], '200ms');
    assert.equal(settings('memory_pressure', '500000-sessions')['totalRequests'], 10_000);
    assert.equal(settings('multi_agent', '5-agents')['totalRequests'], 40);
    assert.equal(levelOf(plan, 'memory_pressure', '500000-sessions').value, 10_000);
    assert.equal(levelOf(plan, 'concurrency_scaling', '8-workers').value, 8);
  });

  it('never shortens so far that there is nothing to measure', () => {
    const plan = planned({ scenarios: ['all'], scale: 0.001 });
    assert.equal(levelOf(plan, 'cold_start', 'cold').settings['totalRequests'], 11);
    const slow = levelOf(plan, 'realistic_llm', '1000ms-10-workers').settings;
    assert.equal(slow['duration'], '4800ms', 'four of its slowest calls');
    assert.equal(slow['perRunWarmup'], '800ms', 'a sixth, as in the scenario');
  });

  it('puts the settings of the user over those of the scenario, unscaled', () => {
    const plan = planned({
      scenarios: ['streamweave'],
      scale: 0.5,
      settings: { duration: '7s', engine: 'grpc-js' },
    });
    const { settings } = levelOf(plan, 'streamweave', '5-workers');
    assert.equal(settings['duration'], '7s');
    assert.equal(settings['engine'], 'grpc-js');
    assert.equal(settings['useStreaming'], true);
  });

  it('estimates at least the time that the load itself takes', () => {
    const plan = planned({ scenarios: ['sustained_load'], runs: 3, warmupRuns: 1 });
    assert.ok(plan.estimateMs > 4 * 120_000 && plan.estimateMs < 4 * 120_000 * 1.15);
    const pauses = planned({
      scenarios: ['fresh_vs_reused'],
      levelCooldown: '1m',
      settings: { cooldown: '10s' },
    });
    const without = planned({ scenarios: ['fresh_vs_reused'] });
    assert.equal(pauses.estimateMs - without.estimateMs, 60_000 + 2 * 3 * 10_000);
  });

  it('names what it does not know', () => {
    const problems = (raw: unknown): string => {
      const read = readSuiteRequest(raw);
      const plan = read.kind === 'ok' ? planSuite(read.request) : read;
      assert.ok(plan.kind === 'invalid');
      return plan.problems
        .map(({ path, message, hint }) => `${path} ${message} ${hint ?? ''}`)
        .join('\n');
    };
    assert.match(problems({ scenarios: ['multi_turm'] }), /multi_turm.*did you mean multi_turn/);
    assert.match(problems({ scenarios: [] }), /no scenario is named/);
    assert.match(problems({ scale: 0 }), /scale/);
    assert.match(problems({ rns: 3 }), /rns/);
    assert.match(problems({ settings: { concurency: 3 } }), /concurency.*concurrency/);
    assert.match(problems({ settings: { outputPath: 'x' } }), /outputPath is decided here/);
    assert.match(problems({ scenarios: ['quick'], settings: { llmErrorRate: 2 } }), /llmErrorRate/);
    assert.match(problems(7), /object/);
  });

  it('takes scenarios of the user that are named, and those that are not, once each', () => {
    const own = {
      ...{ id: 'ours', title: 't', purpose: 'p', factor: 'workers' },
      headline: { metric: 'latencyP50', pick: 'first' },
      levels: [{ name: 'two', value: 2, settings: { concurrency: 2 } }],
    };
    const ownScenarios = [own];
    for (const scenarios of [['ours'], [], ['ours', 'ours']]) {
      assert.deepEqual(names(planned({ scenarios, ownScenarios })), ['ours/two']);
    }
    const both = names(planned({ scenarios: ['ours', 'cold_start'], ownScenarios }));
    assert.deepEqual(both.sort(), ['cold_start/cold', 'ours/two']);
    const read = readSuiteRequest({ scenarios: ['our'], ownScenarios });
    const plan = read.kind === 'ok' ? planSuite(read.request) : read;
    assert.ok(plan.kind === 'invalid');
    assert.match(JSON.stringify(plan.problems), /did you mean ours/);
  });

  it('leaves what follows from a regression to the suite as a whole, and how a level is judged to its level', () => {
    const settings = {
      ...{ failOnRegression: true, notify: 'tell', notifyWebhook: 'http://127.0.0.1:1/' },
      ...{ regression: 'series', regressionThreshold: 7 },
    };
    const plan = planned({ scenarios: ['cold_start'], settings });
    assert.deepEqual(suiteWatch(plan.request), {
      ...{ against: 'series', failOnRegression: true, thresholdPct: 7 },
      ...{ notifyCommand: 'tell', notifyWebhook: 'http://127.0.0.1:1/' },
    });
    for (const level of plan.levels) {
      const { regression, regressionThreshold, failOnRegression, notify, notifyWebhook } =
        level.settings;
      assert.deepEqual([regression, regressionThreshold], ['series', 7]);
      assert.deepEqual(
        [failOnRegression, notify, notifyWebhook],
        [undefined, undefined, undefined],
      );
    }
    assert.equal(suiteWatch(planned('cold_start').request).failOnRegression, false);
  });
});
