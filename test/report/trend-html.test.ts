import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seriesOf } from '../../src/history/read-history.ts';
import { trendOf } from '../../src/history/trend.ts';
import { trendChart } from '../../src/report/trend-chart.ts';
import { trendHtml } from '../../src/report/trend-html.ts';
import { entryOf, nightlyReport, noisySeries } from '../support/report-series.ts';

const HOSTILE = `<img src=x onerror=alert(1)>"'&`;

function page(): string {
  const values = noisySeries({ seed: 1, length: 30, cv: 0.01, at: 20, shift: -0.1 });
  const [series] = seriesOf(
    values.map((value, night) =>
      entryOf(nightlyReport(night, value, night === 20 ? { benchmarkId: HOSTILE } : {})),
    ),
  );
  assert.ok(series);
  const trend = trendOf(series, { acknowledged: [], baselines: [] });
  return trendHtml({ trend, apart: [{ ...series, seriesId: HOSTILE }], writtenAtUtc: 'now' });
}

it('The trend page has a chart for each metric, the change and both commits', () => {
  const html = page();
  assert.equal(html.match(/<svg /g)?.length, 5);
  assert.match(html, /class="change-worse"/);
  assert.match(html, /c019 → c020/);
  assert.match(html, /−10\.\d %|−9\.\d %/);
});

it('The trend page fetches nothing, runs nothing, and shows the text of reports as text', () => {
  const html = page();
  assert.doesNotMatch(html, /<script|<img|https?:|url\(|@import/i);
  assert.match(html, /default-src 'none'/);
  assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;'));
  assert.match(html, /color-scheme: light dark/);
});

it('A chart breaks its line where a result has no figure, and says so when none has it', () => {
  const chart = {
    label: 'x',
    values: [1, 2, null, 3, 4],
    marks: [],
    text: String,
    titles: [],
  };
  assert.equal(trendChart(chart).match(/<polyline/g)?.length, 2);
  assert.equal(trendChart(chart).match(/<circle/g)?.length, 4);
  assert.match(trendChart({ ...chart, values: [null] }), /No result/);
  // A flat series divides by nothing.
  assert.doesNotMatch(trendChart({ ...chart, values: [0, 0] }), /NaN|Infinity/);
});
