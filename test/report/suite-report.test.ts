import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSuiteRequest } from '../../src/config/suite-request.ts';
import type { LevelResult, SuiteReport } from '../../src/contract/suite.ts';
import { lineChart } from '../../src/report/line-chart.ts';
import { suiteHtml } from '../../src/report/suite-html.ts';
import { suiteMarkdown } from '../../src/report/suite-markdown.ts';
import { headlineOf } from '../../src/suite/headline.ts';
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
    levels,
  };
}

describe("a suite's report", () => {
  it('has every level in every format, with its figures or its reason', () => {
    const report = aReport();
    for (const text of [suiteHtml(report), suiteMarkdown(report)]) {
      for (const level of ['w1', 'w2', 'w4', 'w8', 'w16']) assert.ok(text.includes(level), level);
      assert.match(text, /asked 1000 ms, observed 1\.2 ms/);
      assert.match(text, /skipped: /);
      assert.match(text, /not reached/);
      assert.match(text, /trial at scale 0\.5/);
      assert.match(text, /seed 7/);
      assert.match(text, /Cancelled before its end/);
      assert.match(text, /250\.0 calls\/s/, 'the headline');
    }
  });

  it('lets nothing that a server or a file said act as markup, and reaches for nothing outside itself', () => {
    const html = suiteHtml(aReport());
    assert.doesNotMatch(html, /<script|javascript:|onload=/i);
    assert.doesNotMatch(html, /(src|href)="|url\(|@import/i);
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
    assert.equal((svg.match(/stroke="#1f6feb"\/>/g) ?? []).length, 3, 'three whiskers');
  });

  it('is empty when there is nothing to connect', () => {
    assert.equal(lineChart({ title: 't', xTitle: 'x', series: [] }), '');
    const one = { title: 't', xTitle: 'x', series: [{ name: '', points: [point(1, 1)] }] };
    assert.equal(lineChart(one), '');
  });
});
