// The summary a person reads at a glance: the verdict first, then what was asked, what came, and every doubt.

import type { JsonReport } from '../contract/report.ts';
import { discardedFacts } from './discarded-facts.ts';
import { countText } from './number-text.ts';
import {
  doubtsOf,
  errorTotals,
  interruptionFacts,
  requestFacts,
  runsSuffix,
  shareText,
  statusSuffix,
  statusTotals,
  titleOf,
  type Fact,
} from './report-facts.ts';
import { metricsTable, runsTable, streamsTable } from './text-metrics.ts';
import { openLoopTable } from './text-open-loop.ts';
import { statisticsFacts } from './statistics-facts.ts';
import { thresholdsTable } from './text-thresholds.ts';
import { withoutInvalidFigures } from './withheld-figures.ts';

export interface SummaryOptions {
  /** Where the report file is; null when there is none. */
  readonly reportPath: string | null;
  /** Its other forms, beside it. */
  readonly documentPaths?: readonly string[];
  /** Where the workflow can be seen; null when it ran without Temporal. */
  readonly webUiUrl: string | null;
  /** Figures of what is INVALID, too. */
  readonly showInvalid?: boolean;
}

/** Ends with a newline. No colours and no clock: the same report always reads the same. */
export function summaryText(whole: JsonReport, options: SummaryOptions): string {
  const report = options.showInvalid === true ? whole : withoutInvalidFigures(whole);
  const { runs } = report;
  const sections = [
    headline(report),
    thresholdsTable(report.loombench.thresholds ?? []),
    factLines(requestFacts(report)),
    runs.length === 0 ? '' : metricsTable(report),
    runs.length === 0 ? '' : runsTable(runs),
    factLines(statisticsFacts(report)),
    openLoopTable(runs),
    streamsTable(runs),
    answers(report),
    factLines([...interruptionFacts(report), ...discardedFacts(report)]),
    doubts(report),
    places(options),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(report: JsonReport): string {
  const { verdict, reasons } = report.loombench;
  return [
    `${verdict}  ${titleOf(report)}${statusSuffix(report)}`,
    ...reasons.map((reason) => `  ${reason}`),
  ].join('\n');
}

/** Wide enough for every label of a fact. */
const LABEL_WIDTH = 11;

function factLines(facts: readonly Fact[]): string {
  return facts.map(({ label, text }) => `${label.padEnd(LABEL_WIDTH)}${text}`).join('\n');
}

const ERRORS_SHOWN = 5;

function answers(report: JsonReport): string {
  const statuses = statusTotals(report).map(
    ({ status, count, share }) => `${status} ${countText(count)} (${shareText(share)})`,
  );
  const errors = errorTotals(report).slice(0, ERRORS_SHOWN);
  return [
    ...(statuses.length === 0 ? [] : [`status     ${statuses.join(', ')} of all calls`]),
    ...errors.map(({ text, count }) => `error      ${countText(count)} × ${text}`),
  ].join('\n');
}

function doubts(report: JsonReport): string {
  return doubtsOf(report)
    .map((doubt) => `warning    ${doubt.code}${runsSuffix(doubt)}: ${doubt.message}`)
    .join('\n');
}

function places({ reportPath, documentPaths = [], webUiUrl }: SummaryOptions): string {
  return [
    ...(reportPath === null ? [] : [`report     ${reportPath}`]),
    ...documentPaths.map((path) => `document   ${path}`),
    ...(webUiUrl === null ? [] : [`web UI     ${webUiUrl}`]),
  ].join('\n');
}
