// A suite's report as one HTML file: no script, no network, everything escaped. Charts over levels, then the same figures
// as tables, so that nothing is only in a picture.

import type { Scenario, SuiteMetric } from '../contract/scenario.ts';
import type { LevelOutcome, LevelResult, SuiteReport } from '../contract/suite.ts';
import { lineChart, type ChartSeries } from './line-chart.ts';
import {
  headlineTable,
  levelTable,
  metricsOf,
  suiteFacts,
  type SuiteTable,
} from './suite-tables.ts';
import { figureText, metricWords } from './suite-words.ts';
import { escapeMarkup } from './escape-markup.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1f2328; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; }
th, td { border: 1px solid #d0d7de; padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; }
th { background: #f6f8fa; }
svg { width: 460px; max-width: 100%; border: 1px solid #d0d7de; margin: 0.25rem; background: #fff; }
svg .title { font: 600 13px system-ui, sans-serif; } svg .tick { font: 11px system-ui, sans-serif; fill: #57606a; }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; } svg .grid { stroke: #eaeef2; }
`;

export function suiteHtml(report: SuiteReport): string {
  const title = `Suite ${report.suiteId}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeMarkup(title)}</h1>`,
    `<ul>${suiteFacts(report)
      .map((fact) => `<li>${escapeMarkup(fact)}</li>`)
      .join('')}</ul>`,
    '<h2>Headlines</h2>',
    tableHtml(headlineTable(report.headlines)),
    ...report.plan.scenarios.map((scenario) => scenarioHtml(scenario, report.levels)),
    '<h2>Order of measuring</h2>',
    `<ol>${report.levels.map(orderItem).join('')}</ol>`,
    `<p>Written by loombench ${escapeMarkup(report.loombenchVersion)}, ${escapeMarkup(report.finishedAtUtc)}.</p>`,
    '</body></html>',
    '',
  ].join('\n');
}

function scenarioHtml(scenario: Scenario, results: readonly LevelResult[]): string {
  const own = results.filter((result) => result.scenario === scenario.id);
  const charts = metricsOf(scenario).map((metric) =>
    lineChart({
      title: `${metricWords(metric).name}, ${metricWords(metric).unit}`,
      xTitle: scenario.factor,
      series: seriesOf(metric, own),
    }),
  );
  return [
    `<h2 id="${escapeMarkup(scenario.id)}">${escapeMarkup(scenario.id)}</h2>`,
    `<p>${escapeMarkup(scenario.title)}. ${escapeMarkup(scenario.purpose)}</p>`,
    `<div>${charts.join('')}</div>`,
    tableHtml(levelTable(scenario, own)),
  ].join('\n');
}

/** Levels that do not hold are left out of the picture; the table says why. */
function seriesOf(metric: SuiteMetric, results: readonly LevelResult[]): ChartSeries[] {
  const { factor, unit } = metricWords(metric);
  const byName = new Map<string, ChartSeries['points'][number][]>();
  for (const { level, outcome, series, value } of results) {
    if (outcome.kind !== 'measured' || !holds(outcome)) continue;
    const figure = outcome.figures[metric];
    if (figure.median === null) continue;
    const scaled = (bound: number | null): number | null =>
      bound === null ? null : bound * factor;
    const points = byName.get(series ?? '') ?? [];
    points.push({
      x: value,
      y: figure.median * factor,
      low: scaled(figure.ci95Low),
      high: scaled(figure.ci95High),
      label: `${level}: ${figureText(metric, figure)} ${unit}`,
    });
    byName.set(series ?? '', points);
  }
  return [...byName].map(([name, points]) => ({ name, points }));
}

/** Of a search for a capacity, what overload looks like belongs to the curve. */
function holds({ trial, verdict }: Extract<LevelOutcome, { kind: 'measured' }>): boolean {
  return trial === undefined ? verdict !== 'INVALID' : trial.verdict !== 'spoilt';
}

function tableHtml({ titles, rows }: SuiteTable): string {
  const cells = (tag: 'td' | 'th', texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escapeMarkup(text)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells('th', titles)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
}

function orderItem({ scenario, level, startedAtUtc, tookMs }: LevelResult): string {
  return `<li>${escapeMarkup(`${scenario}/${level}`)}: ${escapeMarkup(startedAtUtc)}, ${(tookMs / 1000).toFixed(1)} s</li>`;
}
