// One file that opens offline: no script, no request, one style. A Content-Security-Policy holds the page to that, whatever
// text it shows.

import type { LatencyDistributions } from '../../contract/latency-distribution.ts';
import type { JsonReport } from '../../contract/report.ts';
import { statusSuffix, titleOf } from '../report-facts.ts';
import { WITHHELD, type ShownReport } from '../withheld-figures.ts';
import { distributionCharts } from './distribution-charts.ts';
import { EMPTY, markup, Markup } from './markup.ts';
import { PAGE_STYLE, PAGE_STYLE_HASH } from './page-style.ts';
import { resourceCharts } from './resource-charts.ts';
import { runCharts, streamCharts } from './run-charts.ts';
import {
  absent,
  answersSection,
  attemptsSection,
  gatesSection,
  resultSection,
  runsTable,
  summarySection,
  warningsSection,
  type Section,
} from './sections.ts';
import { configurationSection, environmentSection, gcTable } from './settings-sections.ts';
import { timelineCharts } from './timeline-charts.ts';

const POLICY = [
  "default-src 'none'",
  `style-src '${PAGE_STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function htmlText(report: ShownReport, { pooled, byRun }: LatencyDistributions): string {
  const sections = sectionsOf(report, { pooled: report.withheld === true ? null : pooled, byRun });
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${report.loombench.verdict} ${titleOf(report)} · loombench</title>
        <style>${new Markup(PAGE_STYLE)}</style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        ${header(report, sections)}
        <main id="main">${sections.map(sectionMarkup)}</main>
        <footer>
          <p>
            loombench ${report.loombench.loombenchVersion}, benchmark
            <code>${report.loombench.benchmarkId}</code>. This page makes no request and runs no
            script.
          </p>
        </footer>
      </body>
    </html>
`;
  return page.text;
}

function header(report: JsonReport, sections: readonly Section[]): Markup {
  const { verdict, reasons, startedAtUtc, finishedAtUtc } = report.loombench;
  const themes = ['auto', 'light', 'dark'].map(
    (theme) =>
      markup`<label
        ><input
          type="radio"
          name="theme"
          id="theme-${theme}"
          ${theme === 'auto' ? markup` checked` : EMPTY}
        />
        ${theme}</label
      >`,
  );
  return markup`<header>
    <h1>
      <span class="verdict ${verdict}">${verdict}</span> ${titleOf(report)}${statusSuffix(report)}
    </h1>
    ${
      reasons.length === 0
        ? EMPTY
        : markup`<ul>
            ${reasons.map((reason) => markup`<li>${reason}</li>`)}
          </ul>`
    }
    <p class="muted">${startedAtUtc} to ${finishedAtUtc}</p>
    <fieldset>
      <legend>Theme</legend>
      ${themes}
    </fieldset>
    <nav aria-label="Contents">
      <ul>
        ${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}
      </ul>
    </nav>
  </header>`;
}

function sectionMarkup({ id, title, content }: Section): Markup {
  return markup`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
}

function sectionsOf(report: ShownReport, distributions: LatencyDistributions): readonly Section[] {
  const isWithheld = report.runs.some(({ withheld }) => withheld);
  const because = (reason: string): string => (isWithheld ? WITHHELD : reason);
  const isStreaming = report.runs.some(({ loombench }) => loombench.streams !== null);
  return [
    summarySection(report),
    resultSection(report),
    ...warningsSection(report),
    {
      id: 'runs',
      title: 'Runs',
      content:
        report.runs.length === 0
          ? [absent('no run was measured')]
          : [charts(runCharts(report), ''), ...runsTable(report, 'calls')],
    },
    {
      id: 'distribution',
      title: 'Latency distribution',
      content: [
        charts(distributionCharts(distributions), because('no run has a histogram of ok calls')),
      ],
    },
    {
      id: 'time',
      title: 'Over time',
      content: [
        charts(timelineCharts(report), because('no time series was collected (collectTimeSeries)')),
      ],
    },
    ...(isStreaming
      ? [
          {
            id: 'streams',
            title: 'Streams',
            content: [
              charts(streamCharts(report), because('no ok stream brought a token')),
              ...runsTable(report, 'streams'),
            ],
          },
        ]
      : []),
    answersSection(report),
    {
      id: 'resources',
      title: 'Resources and garbage collection',
      content: [
        charts(resourceCharts(report), 'resources were not sampled (collectResources)'),
        gcTable(report),
      ],
    },
    gatesSection(report),
    configurationSection(report),
    environmentSection(report),
    attemptsSection(report),
  ];
}

function charts(figures: readonly Markup[], reason: string): Markup {
  return figures.length === 0 ? absent(reason) : markup`<div class="charts">${figures}</div>`;
}
