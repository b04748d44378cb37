import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resolveConfig } from '../../src/config/resolve.ts';
import { findScenario, SCENARIOS } from '../../src/scenarios/index.ts';
import { repositoryRoot } from '../support/repository.ts';

const DIRECTORY = join(repositoryRoot, 'src', 'scenarios');
const NOT_SCENARIOS = new Set(['index.ts', 'base.ts', 'ladder.ts']);

describe('the standard scenarios', () => {
  it('have the names of their files, and every file is registered', () => {
    const files = readdirSync(DIRECTORY).filter((name) => !NOT_SCENARIOS.has(name));
    assert.deepEqual(SCENARIOS.map(({ id }) => `${id}.ts`).sort(), files.sort());
  });

  for (const scenario of SCENARIOS) {
    it(`resolve to a configuration at each level: ${scenario.id}`, () => {
      for (const level of scenario.levels) {
        const resolved = resolveConfig({ ...scenario.settings, ...level.settings });
        assert.ok(resolved.kind === 'ok', JSON.stringify(resolved));
      }
    });
  }

  it('are run by name when they have one level, and refused with the way to run them when they have more', () => {
    const single = resolveConfig('sustained_load');
    assert.ok(single.kind === 'ok');
    assert.equal(single.config.scenarioName, 'sustained_load');
    assert.equal(single.config.durationMs, 120_000);
    assert.equal(single.config.concurrency, 20);
    const several = resolveConfig('multi_agent');
    assert.ok(several.kind === 'invalid');
    assert.match(several.problems[0]?.message ?? '', /7 levels/);
    assert.match(several.problems[0]?.hint ?? '', /loombench suite multi_agent/);
  });

  it("run the target at the latency, jitter and limit of Loom's table", () => {
    const settings = (id: string): [number, number, number] => {
      const scenario = findScenario(id);
      const level = scenario?.levels[0];
      const resolved = resolveConfig({ ...scenario?.settings, ...level?.settings });
      assert.ok(resolved.kind === 'ok');
      const { llm, llmConcurrencyLimit } = resolved.config;
      return [llm.baseLatencyMs, llm.jitterMs, llmConcurrencyLimit];
    };
    assert.deepEqual(settings('sustained_load'), [20, 30, 10_000]);
    assert.deepEqual(settings('concurrency_scaling'), [10, 5, 100_000]);
    assert.deepEqual(settings('peak_throughput'), [0, 0, 100_000]);
    assert.deepEqual(settings('realistic_llm'), [100, 20, 100_000]);
    assert.deepEqual(settings('fresh_vs_reused').slice(0, 2), [1, 0]);
    assert.deepEqual(settings('multi_agent').slice(0, 2), [1, 0]);
    assert.deepEqual(settings('error_resilience').slice(0, 2), [10, 0]);
    assert.deepEqual(settings('streamweave').slice(0, 2), [10, 0]);
  });

  it('are found by id only', () => {
    assert.equal(findScenario('quick')?.id, 'quick');
    assert.equal(findScenario('Quick'), null);
  });

  it('include a quick one whose load takes at most 40 s of the minute that it promises', () => {
    const resolved = resolveConfig('quick');
    assert.ok(resolved.kind === 'ok');
    const { runs, warmupRuns, durationMs, cooldownMs } = resolved.config;
    assert.ok((runs + warmupRuns) * (durationMs + cooldownMs) <= 40_000);
    assert.ok(runs >= 2, 'an interval needs two runs');
  });
});
