// A suite's report as rows of text, for Markdown, HTML and the terminal alike: what stands in a cell is decided once.

import type { Scenario, SuiteMetric } from '../contract/scenario.ts';
import type { HeadlineResult, LevelOutcome, LevelResult, SuiteReport } from '../contract/suite.ts';
import { durationText, numberText, plural, UNDEFINED_MARK } from './number-text.ts';
import { figureText, metricWords } from './suite-words.ts';

export interface SuiteTable {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One sentence each: what this suite was, and what must be known before its numbers are believed. */
export function suiteFacts(report: SuiteReport): string[] {
  const { plan, levels, status, tookMs } = report;
  const { request } = plan;
  const count = (kind: LevelOutcome['kind']): number =>
    levels.filter(({ outcome }) => outcome.kind === kind).length;
  const target = request.settings['serverAddr'];
  return [
    ...(report.capacity === undefined
      ? [`Verdict: ${report.verdict}.`, ...report.reasons]
      : [report.capacity.text]),
    ...(status === 'completed' ? [] : ['Cancelled before its end: only some levels were reached.']),
    ...(request.scale === 1
      ? []
      : [
          `A trial at scale ${request.scale}: durations and counts are shortened, so these are no figures to publish.`,
        ]),
    `${plural(plan.scenarios.length, 'scenario')}, ${plural(plan.levels.length, 'level')}: ` +
      `${count('measured')} measured, ${count('skipped')} skipped, ${count('invalid')} invalid, ${count('failed')} failed.`,
    `Took ${durationText(Math.round(tookMs / 1000) * 1000)}; ${durationText(Math.round(plan.estimateMs / 1000) * 1000)} were estimated.`,
    ...(report.capacity === undefined
      ? [
          `Levels were measured in ${request.order === 'random' ? `an order drawn from seed ${request.seed}` : 'rising order'}.`,
        ]
      : []),
    `Target: ${target === undefined || target === '' ? 'an embedded one, started for each run' : String(target)}.`,
    ...(request.trustServer
      ? ['The server was trusted: its settings were not checked by their effect.']
      : []),
    ...(report.capacity === undefined ? ['Intervals are 95 % over the runs of a level.'] : []),
  ];
}

export function headlineTable(headlines: readonly HeadlineResult[]): SuiteTable {
  return {
    titles: ['scenario', 'headline', 'value', 'at'],
    rows: headlines.map((headline) => [
      headline.scenario,
      `${metricWords(headline.metric).name} (${headline.pick})`,
      headlineText(headline),
      headline.pick === 'ratio' ? headline.levels.join(' / ') : headline.levels.join(', '),
    ]),
  };
}

function headlineText({ metric, pick, value, ci95Low, ci95High }: HeadlineResult): string {
  if (pick === 'ratio') return value === null ? UNDEFINED_MARK : `${numberText(value)} ×`;
  const text = figureText(metric, { median: value, ci95Low, ci95High });
  return value === null ? text : `${text} ${metricWords(metric).unit}`;
}

const COLUMNS: readonly SuiteMetric[] = ['throughput', 'latencyP50', 'latencyP99', 'errorRate'];

/** The headline's metric gets a column of its own where it is not among the usual ones. */
export function metricsOf(scenario: Scenario): readonly SuiteMetric[] {
  const { metric } = scenario.headline;
  return COLUMNS.includes(metric) ? COLUMNS : [...COLUMNS, metric];
}

/** In the scenario's own order; a level that was never reached says so. */
export function levelTable(scenario: Scenario, results: readonly LevelResult[]): SuiteTable {
  const metrics = metricsOf(scenario);
  return {
    titles: [
      'level',
      scenario.factor,
      ...metrics.map((metric) => `${metricWords(metric).name}, ${metricWords(metric).unit}`),
      'runs',
      'measured as',
      'outcome',
    ],
    rows: scenario.levels.map(({ name, value }) => {
      const result = results.find((one) => one.scenario === scenario.id && one.level === name);
      if (result === undefined) {
        return [name, String(value), ...metrics.map(() => ''), '', '', 'not reached'];
      }
      const { outcome, position } = result;
      const measured = outcome.kind === 'measured' ? outcome : null;
      return [
        name,
        String(result.value),
        ...metrics.map((metric) =>
          measured === null ? '' : figureText(metric, measured.figures[metric]),
        ),
        measured === null ? '' : String(measured.runs),
        `#${position}`,
        outcomeText(outcome),
      ];
    }),
  };
}

export function outcomeText(outcome: LevelOutcome): string {
  switch (outcome.kind) {
    case 'measured':
      if (outcome.trial !== undefined) return `${outcome.trial.verdict}: ${outcome.trial.text}`;
      return outcome.verdict === 'VALID'
        ? 'VALID'
        : `${outcome.verdict}: ${outcome.reasons.join(' ')}`;
    case 'invalid':
      return `INVALID, not measured: ${outcome.reasons.join('; ')}`;
    case 'failed':
      return `failed (${outcome.code}): ${outcome.reason}`;
    case 'skipped':
      return `skipped: ${outcome.reason}`;
    default:
      return outcome satisfies never;
  }
}
