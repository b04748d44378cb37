// The trend page: one self-contained HTML file with a chart for each metric, its levels and change points, and every
// result in a table. No script and nothing fetched, so that it can be mailed, archived and served from anywhere; what came
// from reports is escaped, for names and commits are other people's text.

import { plural } from './number-text.ts';
import {
  HISTORY_METRICS,
  type HistoryChange,
  type HistoryEntry,
  type HistoryMetric,
  type HistorySeries,
  type HistoryTrend,
} from '../contract/history.ts';
import { levelText, noChangeText, shortCommit, signedText } from './change-text.ts';
import { escapeMarkup } from './escape-markup.ts';
import { trendChart } from './trend-chart.ts';

export interface TrendPage {
  readonly trend: HistoryTrend;
  /** Of the same scenario, but not comparable. */
  readonly apart: readonly HistorySeries[];
  readonly writtenAtUtc: string;
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#1f5f99, #7fb8ea); --text: light-dark(#1c1c1c, #e8e8e8);
  --back: light-dark(#fff, #16181c); --faint: light-dark(#767676, #9a9a9a); --rule: light-dark(#ddd, #383b40);
  --worse: light-dark(#b3261e, #ff8a80); --better: light-dark(#1b6e3c, #7ddc9f); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: var(--text); background: var(--back); }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; } dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; } .n { text-align: right; }
.worse { color: var(--worse); } .better { color: var(--better); } .faint { color: var(--faint); }
svg { width: 100%; height: auto; display: block; } svg text { font: 11px system-ui, sans-serif; fill: var(--faint); }
.grid { stroke: var(--rule); } .values { fill: none; stroke: var(--line); stroke-width: 1.5; } .value { fill: var(--line); }
.level { stroke: var(--faint); stroke-dasharray: 5 4; } .change-worse { stroke: var(--worse); stroke-width: 2; } .change-better { stroke: var(--better); stroke-width: 2; }
`;

export function trendHtml({ trend, apart, writtenAtUtc }: TrendPage): string {
  const { series } = trend;
  const title = `loombench trend: ${series.scenario === '' ? 'no scenario' : series.scenario}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
${facts(trend, writtenAtUtc)}
${notes(trend, apart)}
<h2>Changes</h2>
${changesTable(trend.changes, trend.series.entries.length)}
${metrics()
  .map((metric) => metricSection(trend, metric))
  .join('\n')}
<h2>Results</h2>
${resultsTable(series)}
</body>
</html>
`;
}

function metrics(): HistoryMetric[] {
  return Object.keys(HISTORY_METRICS) as HistoryMetric[]; // the keys are those of the table
}

function facts({ series, baseline }: HistoryTrend, writtenAtUtc: string): string {
  const rows: [string, string][] = [
    ['series', series.seriesId],
    ['target', series.target],
    ['hardware', series.hardware],
    ['configuration', series.configHash.slice(0, 12)],
    ['results', spanText(series.entries)],
    ['baseline', baseline === null ? 'none' : baseline.benchmarkId],
    ['written', writtenAtUtc],
  ];
  const cells = rows.map(([name, text]) => `<dt>${name}</dt><dd>${escapeMarkup(text)}</dd>`);
  return `<dl>${cells.join('')}</dl>`;
}

function spanText(entries: readonly HistoryEntry[]): string {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return 'none';
  return `${entries.length}, ${first.startedAtUtc} to ${last.startedAtUtc}`;
}

function notes(trend: HistoryTrend, apart: readonly HistorySeries[]): string {
  const others = apart.map(
    ({ seriesId, entries, hardware, configHash, target }) =>
      `Kept apart: series ${seriesId} with ${plural(entries.length, 'result')} of target ${target}, configuration ${configHash.slice(0, 12)}, on ${hardware}.`,
  );
  const items = [...trend.notes, ...others].map((note) => `<li>${escapeMarkup(note)}</li>`);
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

function changesTable(changes: readonly HistoryChange[], results: number): string {
  if (changes.length === 0) return `<p>${noChangeText(results)}</p>`;
  const rows = changes.map((change) => {
    const { metric, direction, lastBefore, firstAfter, acknowledged } = change;
    const cells = [
      escapeMarkup(HISTORY_METRICS[metric].name),
      `<span class="${direction}">${escapeMarkup(signedText(change))}</span>`,
      escapeMarkup(`${levelText(metric, change.before)} → ${levelText(metric, change.after)}`),
      `${escapeMarkup(firstAfter.benchmarkId)}<br><span class="faint">${escapeMarkup(firstAfter.startedAtUtc)}</span>`,
      escapeMarkup(`${shortCommit(lastBefore.commit)} → ${shortCommit(firstAfter.commit)}`),
      acknowledged === null ? 'no' : escapeMarkup(`yes: ${acknowledged.note}`),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const titles = ['metric', 'change', 'level', 'first result after it', 'commit', 'acknowledged'];
  return table(titles.map((title) => `<th>${title}</th>`).join(''), rows);
}

function metricSection({ series, changes }: HistoryTrend, metric: HistoryMetric): string {
  const own = changes.filter((change) => change.metric === metric);
  const chart = trendChart({
    label: HISTORY_METRICS[metric].name,
    values: series.entries.map((entry) => entry.values[metric]),
    marks: own.map(({ index, direction, firstAfter }) => ({
      index,
      direction,
      title: `${firstAfter.benchmarkId}: changed for the ${direction}`,
    })),
    text: (value) => levelText(metric, value),
    titles: series.entries.map(
      (entry) => `${entry.benchmarkId}: ${levelText(metric, entry.values[metric])}`,
    ),
  });
  return `<h2>${escapeMarkup(HISTORY_METRICS[metric].name)}</h2>\n${chart}`;
}

function resultsTable({ entries, invalid, partial }: HistorySeries): string {
  const all = [...entries, ...invalid, ...partial].sort((a, b) =>
    a.startedAtUtc < b.startedAtUtc ? 1 : -1,
  );
  const rows = all.map((entry) => {
    const figures = metrics().map(
      (metric) => `<td class="n">${escapeMarkup(levelText(metric, entry.values[metric]))}</td>`,
    );
    const state = entry.status === 'completed' ? entry.verdict : entry.status;
    const cells = [entry.benchmarkId, entry.startedAtUtc, shortCommit(entry.commit), state];
    return `<tr>${cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')}${figures.join('')}</tr>`;
  });
  const names = metrics().map((metric) => `<th class="n">${HISTORY_METRICS[metric].name}</th>`);
  return table(
    `<th>benchmark</th><th>started</th><th>commit</th><th>verdict</th>${names.join('')}`,
    rows,
  );
}

function table(head: string, rows: readonly string[]): string {
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}
