import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Scenario } from '../../src/contract/scenario.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { multiAgent } from '../../src/scenarios/multi_agent.ts';
import { peakThroughput } from '../../src/scenarios/peak_throughput.ts';
import { headlineOf } from '../../src/suite/headline.ts';
import { levelFigures } from '../../src/suite/level-figures.ts';
import { reasonOfMemory } from '../../src/suite/memory-watch.ts';
import { memoryPressure } from '../../src/scenarios/memory_pressure.ts';
import type { LevelResult, PlannedLevel } from '../../src/contract/suite.ts';
import { aLevelResult, measured } from '../support/suite-results.ts';

function at(scenario: Scenario, value: number, outcome: LevelResult['outcome']): LevelResult {
  const level = scenario.levels.find((one) => one.value === value);
  assert.ok(level !== undefined);
  return aLevelResult({ scenario: scenario.id, level: level.name, value, outcome });
}

describe('the headline of a scenario', () => {
  it('is the highest of the levels that hold, in whatever order they were measured', () => {
    const results = [
      at(peakThroughput, 64, measured({ throughput: 300 })),
      at(peakThroughput, 16, measured({ throughput: 100 })),
      at(peakThroughput, 32, measured({ throughput: 900 }, 'INVALID')),
      at(peakThroughput, 128, { kind: 'failed', code: 'x', reason: 'y' }),
    ];
    const headline = headlineOf(peakThroughput, results);
    assert.equal(headline.value, 300);
    assert.deepEqual(headline.levels, ['64-workers']);
  });

  it('is the ratio of the last level to the first, by the scenario and not by the clock', () => {
    const results = [
      at(multiAgent, 200, measured({ throughput: 90 })),
      at(multiAgent, 1, measured({ throughput: 100 })),
      at(multiAgent, 50, measured({ throughput: 95 })),
    ];
    const headline = headlineOf(multiAgent, results);
    assert.equal(headline.value, 0.9);
    assert.deepEqual(headline.levels, ['200-agents', '1-agents']);
  });

  it('is not defined, rather than 0 or 1, without levels to take it from', () => {
    assert.equal(headlineOf(peakThroughput, []).value, null);
    const one = [at(multiAgent, 1, measured({ throughput: 100 }))];
    assert.equal(headlineOf(multiAgent, one).value, null);
  });
});

describe('the figures of a level', () => {
  it('are medians over its valid runs, and not defined where no run has the figure', () => {
    const run = (
      throughputRps: number,
      verdict: 'VALID' | 'INVALID',
    ): ReturnType<typeof aMeasurement> => aMeasurement({ throughputRps, verdict });
    const figures = levelFigures([run(10, 'VALID'), run(14, 'VALID'), run(999, 'INVALID')]);
    assert.equal(figures.throughput.median, 12);
    // Two runs bound nothing.
    assert.equal(figures.throughput.ci95High, null);
    assert.deepEqual(figures.timeToFirstToken, { median: null, ci95Low: null, ci95High: null });
    assert.equal(figures.errorRate.median, 0);
  });
});

describe('the interval of a figure', () => {
  const boundsOf = (...rates: readonly number[]): readonly (number | null)[] => {
    const runs = rates.map((throughputRps) => aMeasurement({ throughputRps }));
    const { ci95Low, ci95High } = levelFigures(runs).throughput;
    return [ci95Low, ci95High];
  };

  it("is Student's over three runs or more", () => {
    // t(0.975, 2) = 4.3027, and the deviation of 10, 12, 14 is 2.
    const [low, high] = boundsOf(10, 14, 12);
    assert.ok(Math.abs((high ?? 0) - (12 + (4.3027 * 2) / Math.sqrt(3))) < 1e-3);
    assert.ok(Math.abs((low ?? 0) - (12 - (4.3027 * 2) / Math.sqrt(3))) < 1e-3);
  });

  it('never reaches below 0, which no figure can', () => {
    assert.equal(boundsOf(1, 1, 10)[0], 0);
  });
});

describe('the watch over memory', () => {
  const MIB = 2 ** 20;
  const level = (value: number): PlannedLevel => ({
    scenario: 'memory_pressure',
    level: 'x',
    factor: 'sessions',
    value,
    series: null,
    settings: {},
    estimateMs: 0,
  });
  const seen = [
    { value: 1000, bytes: 100 * MIB },
    { value: 2000, bytes: 150 * MIB },
  ];

  it('stops at the level for which the line through the last two leaves too little', () => {
    // 50 MiB per 1000 sessions: 10,000 need 150 + 8 × 50 = 550 MiB.
    const known = { seen, freeBytes: 1000 * MIB, ranOut: [] };
    assert.equal(reasonOfMemory(memoryPressure, level(10_000), known), null);
    const tight = { seen, freeBytes: 900 * MIB, ranOut: [] };
    assert.match(
      reasonOfMemory(memoryPressure, level(10_000), tight) ?? '',
      /550 MiB for 10000 sessions.*60 % of the 900 MiB/,
    );
  });

  it('lets a first level be tried, and other scenarios alone', () => {
    const little = { seen: [], freeBytes: 1, ranOut: [] };
    assert.equal(reasonOfMemory(memoryPressure, level(1000), little), null);
    assert.equal(reasonOfMemory(peakThroughput, level(10_000), { ...little, seen }), null);
  });

  it('stops above a level whose run had to be stopped for the memory it took', () => {
    const known = { seen, freeBytes: 1e12, ranOut: [5000] };
    assert.match(
      reasonOfMemory(memoryPressure, level(10_000), known) ?? '',
      /^5000 sessions already took more memory than the machine could spare$/,
    );
    assert.equal(reasonOfMemory(memoryPressure, level(2500), known), null);
    assert.equal(reasonOfMemory(peakThroughput, level(10_000), known), null);
  });
});
