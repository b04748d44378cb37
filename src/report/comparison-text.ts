// A comparison for people: the answer first, then each metric with its size and certainty. Text and Markdown have the
// same cells, so that they cannot disagree.

import type {
  AbsentMetric,
  CandidateComparison,
  Comparison,
  Estimate,
  MetricComparison,
} from '../contract/comparison.ts';
import { foreignText, numberText, plural, UNDEFINED_MARK } from './number-text.ts';
import { textTable } from './text-table.ts';
import { metricText } from './text-thresholds.ts';

const TITLES = [
  'metric',
  'baseline',
  'candidate',
  'change',
  '95 % CI',
  'shift',
  '95 % CI',
  'p',
  'verdict',
];

export function comparisonText(comparison: Comparison): string {
  const sections = comparison.candidates.flatMap((each) => [
    `${headline(each)}\n  baseline   ${sideText(comparison.baseline)}\n  candidate  ${sideText(each.candidate)}`,
    textTable(
      TITLES.map((title, index) => ({ title, align: isWord(index) ? 'left' : 'right' })),
      each.metrics.map(cells),
    ),
    remarks(each)
      .map((line) => `  ${line}`)
      .join('\n'),
  ]);
  return `${[...sections, ...footnotes(comparison)].filter((part) => part !== '').join('\n\n')}\n`;
}

export function comparisonMarkdown(comparison: Comparison): string {
  const sections = comparison.candidates.flatMap((each) => [
    `**${escaped(headline(each))}**`,
    `baseline ${escaped(sideText(comparison.baseline))}; candidate ${escaped(sideText(each.candidate))}`,
    [
      markdownRow(TITLES),
      markdownRow(TITLES.map((_, index) => (isWord(index) ? '---' : '---:'))),
      ...each.metrics.map((metric) => markdownRow(cells(metric).map(escaped))),
    ].join('\n'),
    remarks(each)
      .map((line) => `- ${escaped(line)}`)
      .join('\n'),
  ]);
  return `${[...sections, ...footnotes(comparison)].filter((part) => part !== '').join('\n\n')}\n`;
}

function isWord(column: number): boolean {
  return column === 0 || column === TITLES.length - 1;
}

function headline({ metrics, absent }: CandidateComparison): string {
  const named = (list: readonly MetricComparison[]): string =>
    list
      .map(({ metric, ratio, shift, unit }) => `${metric} ${effectText(ratio, shift, unit)}`)
      .join(', ');
  const regressed = metrics.filter(({ regression }) => regression);
  if (regressed.length > 0) return `REGRESSION: ${named(regressed)}`;
  const different = metrics.filter(({ verdict }) => verdict === 'different');
  if (different.length > 0) return `DIFFERENT: ${named(different)}`;
  if (metrics.length === 0) return 'NOTHING TO COMPARE: no metric has values on both sides';
  if (metrics.every(({ verdict }) => verdict === 'too-few-runs')) return 'TOO FEW RUNS to tell';
  if (absent.length === 0 && metrics.every(({ verdict }) => verdict === 'equivalent')) {
    return 'EQUIVALENT: every primary metric is the same within the margin';
  }
  const open = metrics.filter(({ verdict }) => verdict !== 'equivalent');
  return `INCONCLUSIVE: ${[...open, ...absent].map(({ metric }) => metric).join(', ')}`;
}

function effectText(
  ratio: Estimate | null,
  shift: Estimate,
  unit: MetricComparison['unit'],
): string {
  return ratio === null ? signedText(shift.value, unit) : changeText(ratio.value);
}

function sideText({ name, scenario, benchmarkId, validRuns }: Comparison['baseline']): string {
  const title = foreignText(scenario === '' ? benchmarkId : scenario, 80);
  return `${foreignText(name)} (${title}, ${plural(validRuns, 'valid run')})`;
}

function cells(each: MetricComparison): readonly string[] {
  const { metric, unit, baseline, candidate, ratio, shift } = each;
  return [
    metric,
    metricText(baseline.median, unit),
    metricText(candidate.median, unit),
    ratio === null ? UNDEFINED_MARK : changeText(ratio.value),
    intervalText(ratio, changeText),
    signedText(shift.value, unit),
    intervalText(shift, (value) => signedText(value, unit)),
    pText(each),
    verdictText(each),
  ];
}

function verdictText({ verdict, change, regression }: MetricComparison): string {
  const word =
    verdict === 'different' ? `different, ${change ?? ''}` : verdict.replaceAll('-', ' ');
  return `${regression ? 'REGRESSION: ' : ''}${word}`;
}

/** Why the verdicts are what they are, each reason once with the metrics that it holds for. */
function noteLines(metrics: readonly MetricComparison[]): string[] {
  const byNote = new Map<string, MetricComparison[]>();
  for (const each of metrics) byNote.set(each.note, [...(byNote.get(each.note) ?? []), each]);
  return [...byNote].map(([note, of]) => {
    const [first] = of;
    const word = first?.verdict.replaceAll('-', ' ') ?? '';
    return `${word}: ${note} (${of.map(({ metric }) => metric).join(', ')})`;
  });
}

/** One line for each set of reports that lack something. */
function absentLines(absent: readonly AbsentMetric[]): string[] {
  const byNames = new Map<string, string[]>();
  for (const { metric, lackedBy } of absent) {
    const names = lackedBy.map((name) => foreignText(name)).join(' and ');
    byNames.set(names, [...(byNames.get(names) ?? []), metric]);
  }
  return [...byNames].map(
    ([names, metrics]) => `not compared: ${metrics.join(', ')}: no value in ${names}`,
  );
}

function changeText(ratio: number): string {
  const text = numberText(100 * (ratio - 1), 1).replace(/^-(0\.0)$/, '$1');
  return `${ratio > 1 && text !== '0.0' ? '+' : ''}${text} %`;
}

function intervalText(estimate: Estimate | null, show: (value: number) => string): string {
  const low = estimate?.low ?? null;
  const high = estimate?.high ?? null;
  return low === null || high === null ? UNDEFINED_MARK : `${show(low)} … ${show(high)}`;
}

/** The corrected one: what the verdict rests on. */
function pText({ adjustedP }: MetricComparison): string {
  if (adjustedP === null) return UNDEFINED_MARK;
  return adjustedP < 0.0001 ? '< 0.0001' : numberText(adjustedP, 4);
}

function remarks({ metrics, absent, objections, caveats }: CandidateComparison): string[] {
  return [
    ...noteLines(metrics),
    ...absentLines(absent),
    ...objections.map((objection) => `forced although ${foreignText(objection, 1000)}`),
    ...caveats.map((caveat) => `bear in mind: ${foreignText(caveat)}`),
  ];
}

function footnotes({ equivalenceMargin, regressionLimit, level }: Comparison): string[] {
  const limit =
    regressionLimit === null
      ? ''
      : ` A regression is a difference for the worse by more than ${numberText(100 * regressionLimit, 1)} %.`;
  return [
    `Medians over valid runs. Change: ratio of geometric means; shift: Hodges-Lehmann; p: Mann-Whitney, corrected (Holm) to ${100 * level} % over all rows. ` +
      `Equivalent: the 90 % interval lies within ±${numberText(100 * equivalenceMargin, 1)} % of the baseline. Inconclusive is not "no difference".${limit}`,
  ];
}

function markdownRow(row: readonly string[]): string {
  return `| ${row.join(' | ')} |`;
}

/** File and scenario names are shown as text, whatever they contain. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, (character) => `\\${character}`);
}

/** '+10.04 ms' */
function signedText(value: number, unit: MetricComparison['unit']): string {
  return `${value > 0 ? '+' : ''}${metricText(value, unit)}`;
}
