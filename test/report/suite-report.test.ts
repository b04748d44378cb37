import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCapacityRequest } from '../../src/config/capacity-request.ts';
import { readSuiteRequest } from '../../src/config/suite-request.ts';
import type {
  CapacityResult,
  LevelResult,
  SuiteReport,
  TrialJudgement,
} from '../../src/contract/suite.ts';
import { lineChart } from '../../src/report/line-chart.ts';
import { suiteHtml } from '../../src/report/suite-html.ts';
import { suiteMarkdown } from '../../src/report/suite-markdown.ts';
import { planCapacity } from '../../src/suite/capacity-plan.ts';
import { capacityHeadline, headlineOf } from '../../src/suite/headline.ts';
import { judgeSuite } from '../../src/suite/judge-suite.ts';
import { planSuite } from '../../src/suite/plan-suite.ts';
import { aLevelResult, measured } from '../support/suite-results.ts';

const NASTY = '<script>alert("x")</script> & | `b`';

const OWN = {
  id: 'own',
  title: NASTY,
  purpose: NASTY,
  factor: 'workers',
  levels: [1, 2, 4, 8, 16].map((value) => ({
    name: `w${value}`,
    value,
    settings: { concurrency: value },
  })),
};

function aReport(): SuiteReport {
  const request = readSuiteRequest({ ownScenarios: [OWN], scale: 0.5, seed: 7 });
  assert.ok(request.kind === 'ok');
  const planned = planSuite(request.request);
  assert.ok(planned.kind === 'ok');
  const result = (value: number, outcome: LevelResult['outcome']): LevelResult =>
    aLevelResult({ scenario: 'own', level: `w${value}`, value, position: value, outcome });
  const levels = [
    result(1, measured({ throughput: 100, latencyP50: 9900 })),
    result(2, measured({ throughput: 250, latencyP50: 8000 }, 'WARN')),
    result(4, { kind: 'skipped', reason: NASTY }),
    result(8, { kind: 'invalid', reasons: ['asked 1000 ms, observed 1.2 ms'] }),
  ];
  const [scenario] = planned.plan.scenarios;
  assert.ok(scenario !== undefined);
  return {
    suiteId: `s ${NASTY}`,
    loombenchVersion: '0.0.0',
    status: 'cancelled',
    plan: planned.plan,
    startedAtUtc: '2026-01-02T03:04:05.000Z',
    finishedAtUtc: '2026-01-02T03:05:05.000Z',
    tookMs: 60_000,
    headlines: [headlineOf(scenario, levels)],
    ...judgeSuite({ levels, status: 'cancelled' }),
    levels,
  };
}

/** A search of three trials, the second of which was spoilt. */
function aSearch(): SuiteReport {
  const read = readCapacityRequest({ slo: 'latency_mean<80ms', maxRate: 40, seed: 7 });
  assert.ok(read.kind === 'ok');
  const planned = planCapacity(read.request);
  assert.ok(planned.kind === 'ok');
  const { suite } = planned.plan;
  const trial = (level: string, value: number, judgement: TrialJudgement): LevelResult => {
    const outcome = measured({ throughput: value, latencyP50: 9900 }, 'INVALID');
    assert.ok(outcome.kind === 'measured');
    const result = { scenario: 'capacity', level, value, position: value };
    return aLevelResult({ ...result, outcome: { ...outcome, trial: judgement } });
  };
  const levels = [
    trial('trial-1-bracket', 10, { verdict: 'met', text: 'latency_mean 50 ms' }),
    trial('trial-2-bracket', 20, { verdict: 'spoilt', text: `G2 ${NASTY}` }),
    trial('trial-3-bracket', 20, { verdict: 'missed', text: 'latency_mean 3000 ms' }),
  ];
  const capacity: CapacityResult = {
    ratePerS: 10,
    confirmed: true,
    bound: { kind: 'missed', ratePerS: 20 },
    text: '10 calls/s is the highest rate',
  };
  const [scenario] = suite.scenarios;
  assert.ok(scenario !== undefined);
  const tried = levels.map(({ level: name, value }) => ({ name, value, settings: {} }));
  return {
    ...aReport(),
    status: 'completed',
    plan: { ...suite, scenarios: [{ ...scenario, levels: tried }] },
    headlines: [capacityHeadline(capacity, levels)],
    capacity,
    levels,
  };
}

describe('the report of a capacity search', () => {
  it('says what was found, and lists every trial with its verdict and what was seen', () => {
    const report = aSearch();
    for (const text of [suiteHtml(report), suiteMarkdown(report)]) {
      assert.match(text, /10 calls\/s is the highest rate/);
      assert.match(text, /met: latency(\\)?_mean 50 ms/);
      assert.match(text, /spoilt: G2/);
      assert.match(text, /trial-1-bracket/);
      assert.match(text, /missed: latency(\\)?_mean 3000 ms/);
      assert.doesNotMatch(text, /[^\\]<script/);
      assert.doesNotMatch(text, /Levels were measured in/);
      assert.doesNotMatch(text, /were estimated/, 'nobody knows before how many trials it takes');
    }
  });

  it('draws the curve with overloaded trials and without spoilt ones', () => {
    const [throughput = ''] = /<svg.*?<\/svg>/s.exec(suiteHtml(aSearch())) ?? [];
    assert.match(throughput, /trial-1-bracket/);
    assert.match(throughput, /trial-3-bracket/);
    assert.doesNotMatch(throughput, /trial-2-bracket/);
  });
});

describe("a suite's report", () => {
  it('has every level in every format, with its figures or its reason', () => {
    const report = aReport();
    for (const text of [suiteHtml(report), suiteMarkdown(report)]) {
      for (const level of ['w1', 'w2', 'w4', 'w8', 'w16']) assert.ok(text.includes(level), level);
      assert.match(text, /asked 1000 ms, observed 1\.2 ms/);
      assert.match(text, /skipped: /);
      assert.match(text, /not reached/);
      assert.match(text, /trial at scale 0\.5/);
      assert.match(text, /Took .* were estimated/);
      assert.match(text, /seed 7/);
      assert.match(text, /Cancelled before its end/);
      assert.match(text, /250\.0 calls\/s/, 'the headline');
    }
  });

  it('names in the table the checks that were not passed, and says below it what they saw', () => {
    const report = aReport();
    const reason =
      'Run 1 has a warning: G10 Small for firm percentiles. S2 35 ok calls are worth 35. Run 2 has a warning: G10 Small. G2 The generator was busy.';
    const [first, ...others] = report.levels;
    assert.ok(first?.outcome.kind === 'measured');
    const outcome = { ...first.outcome, verdict: 'WARN', reasons: [reason] } as const;
    const changed = { ...report, levels: [{ ...first, outcome }, ...others] };
    for (const text of [suiteHtml(changed), suiteMarkdown(changed)]) {
      assert.match(text, /WARN: G2, G10, S2/);
      assert.match(text, /2 measured \(0 VALID, 2 WARN, 0 INVALID\)/);
      assert.equal(text.split('worth 35').length, 2, 'once');
      assert.ok(text.indexOf('WARN: G2, G10') < text.indexOf('worth 35'));
    }
  });

  it('lets nothing that a server or a file said act as markup, and reaches for nothing outside itself', () => {
    const html = suiteHtml(aReport());
    assert.doesNotMatch(html, /<script|javascript:|onload=/i);
    assert.doesNotMatch(html, /src="|href="[^#]|url\(|@import/i);
    assert.match(html, /&lt;script&gt;/);
    const markdown = suiteMarkdown(aReport());
    assert.doesNotMatch(markdown, /(?<!\\)<script/);
    assert.match(markdown, /\\<script\\>/);
    const tables = markdown.split('\n').filter((line) => line.startsWith('|'));
    const columns = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    const ofLevels = tables.filter((line) => /w\d|level/.test(line));
    assert.equal(new Set(ofLevels.slice(2).map(columns)).size, 1, ofLevels.join('\n'));
  });

  it('draws the levels that hold, and each with its interval', () => {
    const html = suiteHtml(aReport());
    const charts = html.match(/<svg/g) ?? [];
    assert.equal(charts.length, 2, 'throughput and p50 have two points, the others none');
    assert.equal((html.match(/<circle/g) ?? []).length, 4);
  });
});

describe('a line chart', () => {
  const point = (
    x: number,
    y: number,
  ): { x: number; y: number; low: number; high: number; label: string } => ({
    x,
    y,
    low: y - 1,
    high: y + 1,
    label: `${x}`,
  });

  it('puts higher values higher and larger ones to the right, within its frame', () => {
    const svg = lineChart({
      title: 't',
      xTitle: 'x',
      series: [{ name: 'a', points: [point(100, 50), point(1, 10), point(10, 30)] }],
    });
    const spots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y),
    }));
    assert.equal(spots.length, 3);
    const [low, middle, high] = spots;
    assert.ok(low !== undefined && middle !== undefined && high !== undefined);
    assert.ok(low.x < middle.x && middle.x < high.x);
    assert.ok(low.y > middle.y && middle.y > high.y);
    assert.ok(Math.abs(middle.x - (low.x + high.x) / 2) < 1, 'by the logarithm: 10 is half way');
    assert.ok(spots.every(({ x, y }) => x >= 0 && x <= 460 && y >= 0 && y <= 270));
    assert.equal((svg.match(/class="whisker"/g) ?? []).length, 3, 'three whiskers');
  });

  it('is empty when there is nothing to connect', () => {
    assert.equal(lineChart({ title: 't', xTitle: 'x', series: [] }), '');
    const one = { title: 't', xTitle: 'x', series: [{ name: '', points: [point(1, 1)] }] };
    assert.equal(lineChart(one), '');
  });
});
