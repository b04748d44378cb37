import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { resolveConfig } from '../../src/config/resolve.ts';
import { findScenario, SCENARIOS } from '../../src/scenarios/index.ts';

const DIRECTORY = fileURLToPath(new URL('../../src/scenarios/', import.meta.url));
const NOT_SCENARIOS = new Set(['index.ts', 'scenario.ts']);

describe('the standard scenarios', () => {
  it('have the names of their files, and every file is registered', () => {
    const files = readdirSync(DIRECTORY).filter((name) => !NOT_SCENARIOS.has(name));
    assert.deepEqual(SCENARIOS.map(({ id }) => `${id}.ts`).sort(), files.sort());
  });

  for (const scenario of SCENARIOS) {
    it(`resolve to a configuration: ${scenario.id}`, () => {
      const resolved = resolveConfig(scenario.id);
      assert.ok(resolved.kind === 'ok');
      assert.equal(resolved.config.scenarioName, scenario.id);
    });
  }

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
