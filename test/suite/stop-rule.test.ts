import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Scenario } from '../../src/contract/scenario.ts';
import type { LevelFigures } from '../../src/contract/suite.ts';
import { concurrencyScaling } from '../../src/scenarios/concurrency_scaling.ts';
import { memoryPressure } from '../../src/scenarios/memory_pressure.ts';
import { multiTurn } from '../../src/scenarios/multi_turn.ts';
import { peakThroughput } from '../../src/scenarios/peak_throughput.ts';
import { reasonToStop } from '../../src/suite/stop-rule.ts';
import { figures } from '../support/suite-results.ts';

/** What the rule says of each level of the scenario, in its order, when those figures are known. */
function stopped(scenario: Scenario, known: Readonly<Record<number, LevelFigures>>): number[] {
  const valueOf = new Map(scenario.levels.map(({ name, value }) => [name, value]));
  return scenario.levels
    .filter(
      (level) =>
        reasonToStop(scenario, level, (name) => known[valueOf.get(name) ?? 0] ?? null) !== null,
    )
    .map(({ value }) => value);
}

const SLOW = figures({ latencyP99: 1_000_001, errorRate: 0 });
const AT_LIMIT = figures({ latencyP99: 1_000_000, errorRate: 0.1 });
const FAILING = figures({ latencyP99: 10, errorRate: 0.11 });

describe('the stop rules', () => {
  it('skip what lies above two saturated levels in a row, whichever limit each of them broke', () => {
    assert.deepEqual(stopped(concurrencyScaling, { 128: SLOW, 256: FAILING }), [512, 1024]);
  });

  it('go on after one saturated level, after two with a good one between, and at the limit itself', () => {
    assert.deepEqual(stopped(concurrencyScaling, { 256: SLOW }), []);
    assert.deepEqual(stopped(concurrencyScaling, { 64: SLOW, 128: AT_LIMIT, 256: SLOW }), []);
    assert.deepEqual(stopped(concurrencyScaling, { 128: AT_LIMIT, 256: AT_LIMIT }), []);
  });

  it('do not count levels as neighbours when the one between them is not measured', () => {
    assert.deepEqual(stopped(concurrencyScaling, { 64: SLOW, 256: SLOW }), []);
  });

  it('skip what lies above two declines in a row of the median throughput', () => {
    const at = (throughput: number): LevelFigures => figures({ throughput });
    assert.deepEqual(
      stopped(peakThroughput, { 16: at(9), 32: at(8), 64: at(7) }),
      [128, 256, 512, 1024],
    );
    assert.deepEqual(stopped(peakThroughput, { 16: at(9), 32: at(8), 64: at(8) }), []);
    assert.deepEqual(stopped(peakThroughput, { 16: at(9), 32: at(8) }), []);
    assert.deepEqual(
      stopped(peakThroughput, { 16: at(7), 32: at(9), 64: at(8), 128: at(7) }),
      [256, 512, 1024],
    );
  });

  it('say which levels and what about them', () => {
    const level = concurrencyScaling.levels.at(-1);
    assert.ok(level !== undefined);
    const known: Record<string, LevelFigures> = { '1-workers': SLOW, '2-workers': FAILING };
    assert.equal(
      reasonToStop(concurrencyScaling, level, (name) => known[name] ?? null),
      '1-workers, 2-workers: median p99 1000.0 ms; errors 11.0 %',
    );
  });

  it('stop at one level beyond the limit where the scenario says so', () => {
    assert.deepEqual(stopped(memoryPressure, { 250_000: figures({ errorRate: 0.51 }) }), [500_000]);
    assert.deepEqual(stopped(memoryPressure, { 250_000: figures({ errorRate: 0.5 }) }), []);
    assert.deepEqual(stopped(multiTurn, { 1000: figures({ latencyP50: 100_001 }) }), [2000]);
  });
});
