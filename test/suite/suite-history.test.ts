// Made-up nights of a suite: how often it is REGRESSED though nothing changed, and whether it is when something has.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryEntry } from '../../src/contract/history.ts';
import type { LevelResult } from '../../src/contract/suite.ts';
import { judgeResult } from '../../src/history/judge.ts';
import { seriesOf } from '../../src/history/read-history.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { judgeSuite } from '../../src/suite/judge-suite.ts';
import { gaussian } from '../support/random-variates.ts';
import { entryOf, nightlyReport } from '../support/report-series.ts';
import { aLevelResult, measured } from '../support/suite-results.ts';

const NIGHTS = 20;
const LEVELS = 60;
const CV = 0.02;
const LAST = `nightly-${NIGHTS - 1}`;
const ONE = entryOf(nightlyReport(0, 1000));
const RULES = { against: 'auto', minMagnitude: 0.03 } as const;

/** The last night of a suite whose first `slower` levels then take that much longer than in all nights before. */
function lastNight(seed: number, slower: number, shift: number): LevelResult[] {
  const normal = gaussian(mulberry32(seed));
  const about = (value: number): number => value * (1 + CV * normal());
  const night = (index: number, factor: number): HistoryEntry => ({
    ...ONE,
    benchmarkId: `nightly-${index}`,
    startedAtUtc: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
    values: {
      throughputRps: about(1000 / factor),
      latencyP50Us: about(1000 * factor),
      latencyP95Us: about(2000 * factor),
      latencyP99Us: about(3000 * factor),
      errorRate: 0,
    },
  });
  return Array.from({ length: LEVELS }, (_, level) => {
    const nights = Array.from({ length: NIGHTS }, (__, index) =>
      night(index, index === NIGHTS - 1 && level < slower ? 1 + shift : 1),
    );
    const [series] = seriesOf(nights);
    const outcome = measured({});
    assert.ok(series !== undefined && outcome.kind === 'measured');
    const remarks = { acknowledged: [], baselines: [] };
    const regression = judgeResult(series, remarks, { benchmarkId: LAST, rules: RULES });
    return aLevelResult({ level: `l${level}`, outcome: { ...outcome, regression } });
  });
}

const isSuspect = ({ outcome }: LevelResult): boolean =>
  outcome.kind === 'measured' && outcome.regression?.kind === 'regressed';

describe('a suite of 60 levels that scatter by 2 %', () => {
  it('is hardly ever REGRESSED when nothing changed, though some level looks worse in half of such nights', () => {
    const suites = Array.from({ length: 20 }, (_, index) => lastNight(1000 + index, 0, 0));
    assert.ok(suites.filter((levels) => levels.some(isSuspect)).length >= 5);
    const alarms = suites.filter(
      (levels) => judgeSuite({ levels, status: 'completed' }).verdict === 'REGRESSED',
    );
    assert.ok(alarms.length <= 1, `${alarms.length}`);
  });

  it('is REGRESSED the first night by a third of the levels that take 10 % longer, and names nearly all of them', () => {
    const { verdict, regression } = judgeSuite({
      levels: lastNight(1, 20, 0.1),
      status: 'completed',
    });
    assert.equal(verdict, 'REGRESSED');
    const own = (regression?.regressed ?? []).filter(({ level }) => Number(level.slice(1)) < 20);
    assert.ok(own.length >= 18, `${own.length}`);
    assert.ok((regression?.regressed.length ?? 0) - own.length <= 1);
  });

  it('is REGRESSED the first night by one level alone that takes a quarter longer', () => {
    const { regression } = judgeSuite({ levels: lastNight(2, 1, 0.25), status: 'completed' });
    assert.ok(regression?.regressed.some(({ level }) => level === 'l0'));
  });
});
