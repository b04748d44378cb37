// A suite's report as one HTML file: no script, no network, everything escaped. Charts over levels, then the same figures
// as tables, so that nothing is only in a picture.

import type { Scenario, SuiteMetric } from '../contract/scenario.ts';
import type { LevelOutcome, LevelResult, SuiteReport } from '../contract/suite.ts';
import { LINE_CHART_STYLE, lineChart, type ChartSeries } from './line-chart.ts';
import {
  headlineTable,
  levelTable,
  metricsOf,
  remarksOf,
  suiteFacts,
  type SuiteTable,
} from './suite-tables.ts';
import { figureText, metricWords } from './suite-words.ts';
import { escapeMarkup } from './escape-markup.ts';

const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #0f1317);
  --panel: light-dark(#f5f7f9, #181e25);
  --ink: light-dark(#1b2127, #e7ebf0);
  --muted: light-dark(#59636e, #9aa6b3);
  --rule: light-dark(#d5dbe1, #323c47);
  --link: light-dark(#1a66c4, #6cb0ff);
  --valid: light-dark(#116a33, #56d183);
  --warn: light-dark(#855400, #e8bb4a);
  --bad: light-dark(#b3261e, #ff8a80);
}
html { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1, li { overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--rule); padding-bottom: 0.25rem; }
p { max-width: 50rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--rule); padding: 0.25rem 0.9rem 0.25rem 0; text-align: left; vertical-align: top; }
thead th { border-bottom-width: 2px; vertical-align: bottom; }
tbody th { font-weight: 600; white-space: nowrap; }
.number { text-align: right; } td.number { white-space: nowrap; }
.valid { color: var(--valid); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0.75rem; }
svg { width: 100%; max-width: 36rem; height: auto; border: 1px solid var(--rule); border-radius: 0.4rem; background: var(--panel); }
summary { cursor: pointer; color: var(--muted); }
details { font-size: 0.9rem; }
@media print { :root { color-scheme: light; } nav { display: none; } svg, tr { break-inside: avoid; } }
${LINE_CHART_STYLE}`;

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
    navigation(report.plan.scenarios),
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

function navigation(scenarios: readonly Scenario[]): string {
  if (scenarios.length < 2) return '';
  const items = scenarios.map(({ id }) => {
    const name = escapeMarkup(id);
    return `<li><a href="#${name}">${name}</a></li>`;
  });
  return `<nav aria-label="scenarios"><ul>${items.join('')}</ul></nav>`;
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
    `<p>${escapeMarkup(sentence(scenario.title))} ${escapeMarkup(scenario.purpose)}</p>`,
    `<div class="charts">${charts.join('')}</div>`,
    tableHtml(levelTable(scenario, own)),
    remarksHtml(remarksOf(scenario, own)),
  ].join('\n');
}

function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function remarksHtml(remarks: readonly string[]): string {
  if (remarks.length === 0) return '';
  const items = remarks.map((remark) => `<li>${escapeMarkup(remark)}</li>`);
  return `<details><summary>Remarks (${remarks.length})</summary><ul>${items.join('')}</ul></details>`;
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

function tableHtml({ textColumns, titles, rows }: SuiteTable): string {
  const last = titles.length - 1;
  const isNumber = (index: number): boolean => index > 0 && index <= last - textColumns;
  const head = titles.map(
    (title, index) => `<th${isNumber(index) ? ' class="number"' : ''}>${escapeMarkup(title)}</th>`,
  );
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        if (index === 0) return `<th scope="row">${escapeMarkup(cell)}</th>`;
        const look = isNumber(index) ? 'number' : index === last ? lookOf(cell) : '';
        return `<td${look === '' ? '' : ` class="${look}"`}>${escapeMarkup(cell)}</td>`;
      })
      .join('');
  const body = rows.map((cells) => `<tr>${row(cells)}</tr>`).join('');
  return `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const LOOKS: readonly (readonly [RegExp, string])[] = [
  [/^(VALID|met)\b/, 'valid'],
  [/^(WARN|late|skipped|not reached)\b/, 'warn'],
  [/^(INVALID|failed|spoilt)\b/, 'bad'],
];

function lookOf(outcome: string): string {
  return LOOKS.find(([pattern]) => pattern.test(outcome))?.[1] ?? '';
}

function orderItem({ scenario, level, startedAtUtc, tookMs }: LevelResult): string {
  return `<li>${escapeMarkup(`${scenario}/${level}`)}: ${escapeMarkup(startedAtUtc)}, ${(tookMs / 1000).toFixed(1)} s</li>`;
}
