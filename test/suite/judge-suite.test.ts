import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RegressionFinding } from '../../src/contract/history.ts';
import type { LevelOutcome, LevelResult } from '../../src/contract/suite.ts';
import { judgeSuite } from '../../src/suite/judge-suite.ts';
import { aLevelResult, measured } from '../support/suite-results.ts';

const steady: RegressionFinding = {
  kind: 'steady',
  against: 'series',
  seriesId: 'abc',
  results: 9,
  reasons: ['Not worse than 9 earlier results.'],
  regressions: [],
};

function worse(p: number): RegressionFinding {
  return {
    ...steady,
    kind: 'regressed',
    reasons: ['throughput is worse since b.'],
    regressions: [
      {
        ...{
          metric: 'throughputRps',
          before: 100,
          after: 80,
          magnitude: -0.2,
          low: -0.21,
          high: -0.19,
          p,
        },
        ...{ firstBenchmarkId: 'b', lastGoodBenchmarkId: 'a', commitBefore: '', commitAfter: '' },
      },
    ],
  };
}

function level(name: string, outcome: LevelOutcome, regression?: RegressionFinding): LevelResult {
  const whole =
    outcome.kind !== 'measured' || regression === undefined
      ? outcome
      : {
          ...outcome,
          verdict: regression.kind === 'regressed' ? ('REGRESSED' as const) : outcome.verdict,
          regression,
        };
  return aLevelResult({
    scenario: 'own',
    level: name,
    benchmarkId: `s--own--${name}`,
    outcome: whole,
  });
}

/** So many levels that are as they were, and one for each p that is worse. */
function suite(steadyLevels: number, ...pValues: readonly number[]): LevelResult[] {
  return [
    ...Array.from({ length: steadyLevels }, (_, index) => level(`s${index}`, measured({}), steady)),
    ...pValues.map((p, index) => level(`w${index}`, measured({}), worse(p))),
  ];
}

const judge = (levels: readonly LevelResult[]): ReturnType<typeof judgeSuite> =>
  judgeSuite({ levels, status: 'completed' });

describe('what the levels of a suite come to', () => {
  it('is REGRESSED with the level and its reason when one is worse than chance makes any of them', () => {
    const { verdict, reasons, regression } = judge(suite(9, 0.00009));
    assert.equal(verdict, 'REGRESSED');
    assert.equal(reasons[0], 'own/w0: throughput is worse since b.');
    assert.deepEqual(regression, {
      judged: 10,
      regressed: [
        {
          ...{ scenario: 'own', level: 'w0', benchmarkId: 's--own--w0', seriesId: 'abc' },
          reasons: ['throughput is worse since b.'],
        },
      ],
    });
  });

  it('is not REGRESSED by one of many levels that is only as much worse as chance makes one of so many', () => {
    // At 0.001 among ten, one level alone has to be below 0.0001.
    const { verdict, reasons, regression } = judge(suite(9, 0.00011));
    assert.equal(verdict, 'VALID');
    assert.match(reasons[1] ?? '', /Worse taken alone.*10 levels: own\/w0/);
    assert.deepEqual(regression, { judged: 10, regressed: [] });
  });

  it('is REGRESSED by several levels none of which would be enough alone', () => {
    const { verdict, regression } = judge(suite(5, 0.0004, 0.0004, 0.0004, 0.0004, 0.0005));
    assert.equal(verdict, 'REGRESSED');
    assert.equal(regression?.regressed.length, 5);
  });

  it('says of levels with too short a history that nothing was judged, and why', () => {
    const notJudged: RegressionFinding = {
      ...{ ...steady, kind: 'not-judged', against: null },
      reasons: ['A series is judged from 3 earlier results on; there is 1 earlier result.'],
    };
    const { verdict, reasons, regression } = judge([level('a', measured({}), notJudged)]);
    assert.deepEqual([verdict, regression], ['VALID', undefined]);
    assert.match(reasons[1] ?? '', /^No level was held against its history\. A series is judged/);
  });

  it('doubts levels of different hosts, and says which measured how many', () => {
    const onHost = (host: string): LevelOutcome => {
      const outcome = measured({});
      return outcome.kind === 'measured' ? { ...outcome, host } : outcome;
    };
    const levels = [
      level('a', onHost('host-a')),
      level('b', onHost('host-b')),
      level('c', onHost('host-a')),
    ];
    const { verdict, reasons } = judge(levels);
    assert.equal(verdict, 'WARN');
    const [, said] = reasons;
    assert.match(
      said ?? '',
      /^Measured on different hosts.*: host-a \(2 levels\), host-b \(1 level\)\./,
    );
    const same = judge(levels.filter(({ level: name }) => name !== 'b'));
    assert.deepEqual([same.verdict, same.reasons.length], ['VALID', 1]);
  });

  it('counts only levels that had a history in how many there were', () => {
    const levels = [
      ...suite(0, 0.0009),
      ...Array.from({ length: 20 }, (_, n) => level(`n${n}`, measured({}))),
    ];
    assert.equal(judge(levels).verdict, 'REGRESSED');
  });

  it('is INVALID when a level is, or has failed, or nothing was measured, and names them', () => {
    const bad = judge([
      level('a', measured({}, 'INVALID')),
      level('b', { kind: 'failed', code: 'target-died', reason: 'Killed.' }),
      level('c', { kind: 'invalid', reasons: ['asked 4, observed 1'] }),
      level('d', measured({})),
    ]);
    assert.equal(bad.verdict, 'INVALID');
    assert.deepEqual(bad.reasons, ['Failed or INVALID: own/a, own/c, own/b.']);
    assert.equal(judge([level('a', { kind: 'skipped', reason: 'memory' })]).verdict, 'INVALID');
  });

  it('is WARN by a level with warnings, and VALID when others were left out by a stop rule', () => {
    assert.equal(
      judge([level('a', measured({}, 'WARN')), level('b', measured({}))]).verdict,
      'WARN',
    );
    const { verdict, reasons } = judge([
      level('a', measured({})),
      level('b', { kind: 'skipped', reason: 'beyond the limit' }),
    ]);
    assert.deepEqual(
      [verdict, reasons],
      ['VALID', ['Every level that was measured passed its checks (1).']],
    );
  });

  it('is, of a search for a capacity, whether a fresh run confirmed the rate', () => {
    const found = { ratePerS: 20, confirmed: true, bound: null, text: '20 calls/s.' };
    const of = (confirmed: boolean): string =>
      judgeSuite({ levels: [], status: 'completed', capacity: { ...found, confirmed } }).verdict;
    assert.deepEqual([of(true), of(false)], ['VALID', 'INVALID']);
  });
});
