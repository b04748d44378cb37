// A suite's report as rows of text, for Markdown, HTML and the terminal alike: what stands in a cell is decided once.

import type { Scenario, SuiteMetric } from '../contract/scenario.ts';
import type { HeadlineResult, LevelOutcome, LevelResult, SuiteReport } from '../contract/suite.ts';
import { durationText, numberText, plural, UNDEFINED_MARK } from './number-text.ts';
import { MIN_RUNS_OF_INTERVAL } from '../contract/suite.ts';
import { figureText, metricWords } from './suite-words.ts';

export interface SuiteTable {
  readonly titles: readonly string[];
  /** How many of the last columns are text; those between the first and them are numbers. */
  readonly textColumns: number;
  readonly rows: readonly (readonly string[])[];
}

/** One sentence each: what this suite was, and what must be known before its numbers are believed. */
export function suiteFacts(report: SuiteReport): string[] {
  const { plan, levels, status } = report;
  const { request } = plan;
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
    `${plural(plan.scenarios.length, 'scenario')}, ${plural(plan.levels.length, 'level')}: ${outcomesText(levels)}.`,
    tookText(report),
    ...(report.capacity === undefined
      ? [
          `Levels were measured in ${request.order === 'random' ? `an order drawn from seed ${request.seed}` : 'rising order'}.`,
        ]
      : []),
    `Target: ${target === undefined || target === '' ? 'an embedded one, started for each run' : String(target)}.`,
    ...(request.trustServer
      ? ['The server was trusted: its settings were not checked by their effect.']
      : []),
    ...(report.capacity === undefined
      ? [
          `Figures are medians over the valid runs of a level, intervals 95 % over at least ${MIN_RUNS_OF_INTERVAL} of them.`,
          'G and S with a number are the checks that a run did not pass; what each saw is in the remarks below its table.',
        ]
      : []),
  ];
}

/** How many trials a search needs is not known before. */
function tookText({ plan, tookMs, capacity }: SuiteReport): string {
  const inSeconds = (ms: number): string => durationText(Math.round(ms / 1000) * 1000);
  const estimated = capacity === undefined ? `; ${inSeconds(plan.estimateMs)} were estimated` : '';
  return `Took ${inSeconds(tookMs)}${estimated}.`;
}

function outcomesText(levels: readonly LevelResult[]): string {
  const words: Readonly<Record<LevelOutcome['kind'], string>> = {
    measured: `measured${verdictsText(levels)}`,
    skipped: 'skipped',
    invalid: 'not measured because the server was not as asked',
    failed: 'failed',
  };
  // The keys are those of the type.
  const kinds = Object.keys(words) as LevelOutcome['kind'][];
  const parts = kinds.flatMap((kind) => {
    const count = levels.filter(({ outcome }) => outcome.kind === kind).length;
    return count === 0 && kind !== 'measured' ? [] : [`${count} ${words[kind]}`];
  });
  return parts.join(', ');
}

function verdictsText(levels: readonly LevelResult[]): string {
  const verdicts = levels.flatMap(({ outcome }) =>
    outcome.kind === 'measured' && outcome.trial === undefined ? [outcome.verdict] : [],
  );
  if (verdicts.length === 0) return '';
  const counts = VERDICTS.map((verdict) => [verdict, verdicts.filter((v) => v === verdict).length]);
  return ` (${counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ')})`;
}

export function headlineTable(headlines: readonly HeadlineResult[]): SuiteTable {
  return {
    titles: ['scenario', 'headline', 'value', 'at'],
    textColumns: 3,
    rows: headlines.map((headline) => [
      headline.scenario,
      `${metricWords(headline.metric).name} (${headline.pick})`,
      headlineText(headline),
      headlinePlace(headline),
    ]),
  };
}

/** A ratio wants two levels that hold, everything else one. */
function headlinePlace({ levels, pick, value }: HeadlineResult): string {
  if (value === null)
    return pick === 'ratio' ? 'fewer than two levels are valid' : 'no level is valid';
  return levels.join(pick === 'ratio' ? ' / ' : ', ');
}

function headlineText({ metric, pick, value, ci95Low, ci95High }: HeadlineResult): string {
  if (pick === 'ratio') return value === null ? UNDEFINED_MARK : `${numberText(value)} ×`;
  const text = figureText(metric, { median: value, ci95Low, ci95High });
  return value === null ? text : `${text} ${metricWords(metric).unit}`;
}

const VERDICTS = ['VALID', 'WARN', 'INVALID'] as const;
/** As messages of gates begin, within a level's reasons. */
const CHECK = /\b[GS]\d{1,2}\b(?= [A-Z\d])/g;

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
    textColumns: 1,
    titles: [
      'level',
      scenario.factor,
      ...metrics.map((metric) => `${metricWords(metric).name}, ${metricWords(metric).unit}`),
      'runs',
      'order',
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
        outcomeCell(outcome),
      ];
    }),
  };
}

/** What the checks of measured levels saw, level by level. */
export function remarksOf(scenario: Scenario, results: readonly LevelResult[]): string[] {
  return scenario.levels.flatMap(({ name }) => {
    const outcome = results.find(
      (one) => one.scenario === scenario.id && one.level === name,
    )?.outcome;
    if (outcome?.kind !== 'measured' || outcome.trial !== undefined) return [];
    return outcome.reasons.length === 0 ? [] : [`${name}: ${outcome.reasons.join(' ')}`];
  });
}

/** 'WARN: G10, S2': with the checks that were not passed, once each. */
function outcomeCell(outcome: LevelOutcome): string {
  if (outcome.kind !== 'measured' || outcome.trial !== undefined) return outcomeText(outcome);
  const checks = outcome.reasons.flatMap((reason) => reason.match(CHECK) ?? []);
  const names = [...new Set(checks)].sort(byLetterAndNumber).join(', ');
  return names === '' ? outcome.verdict : `${outcome.verdict}: ${names}`;
}

function byLetterAndNumber(a: string, b: string): number {
  return a.charCodeAt(0) - b.charCodeAt(0) || Number(a.slice(1)) - Number(b.slice(1));
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
