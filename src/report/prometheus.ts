// A report as Prometheus text (exposition format 0.0.4), for a textfile collector or a push gateway: base units, the unit in
// each name, nothing for what is not there.

import type { JsonReport, JsonRunResult } from '../contract/report.ts';
import { PHASES } from '../contract/run-plan.ts';
import { VERDICTS } from '../contract/warning.ts';
import { benchmarkFigures } from './benchmark-figures.ts';
import {
  aggregateMetrics,
  runMetrics,
  STATISTICS,
  type MetricIdentity,
  type FigureUnit,
} from './report-metrics.ts';
import { isInvalid } from './withheld-figures.ts';

interface Sample {
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
}

interface Family {
  readonly help: string;
  readonly samples: Sample[];
}

export function prometheusText(report: JsonReport): string {
  const families = new Map<string, Family>();
  const add: Add = (name, help, sample) => {
    const family = families.get(name) ?? { help, samples: [] };
    family.samples.push(sample);
    families.set(name, family);
  };
  addVerdict(report, add);
  addFiguresOverRuns(report, add);
  for (const run of report.runs) addRun(report, run, add);
  return [...families].map(([name, family]) => familyText(name, family)).join('');
}

type Add = (name: string, help: string, sample: Sample) => void;

function addVerdict(report: JsonReport, add: Add): void {
  const identity = identityOf(report);
  for (const verdict of VERDICTS) {
    add('loombench_verdict', 'The verdict of the benchmark: 1 for the one that it has.', {
      labels: [...identity, ['verdict', verdict]],
      value: verdict === report.loombench.verdict ? 1 : 0,
    });
  }
  add('loombench_valid_runs', 'Runs that the aggregate is over.', {
    labels: identity,
    value: report.loombench.validRuns,
  });
  add('loombench_finished_timestamp_seconds', 'When the benchmark ended, in Unix time.', {
    labels: identity,
    value: Date.parse(report.loombench.finishedAtUtc) / 1000,
  });
  for (const { series, host, counts } of report.loombench.discarded ?? []) {
    for (const phase of PHASES) {
      add('loombench_discarded_runs', 'Finished runs of a host that was given up; in no figure.', {
        labels: [...identity, ['series', String(series)], ['host', host], ['phase', phase]],
        value: counts[phase],
      });
    }
  }
  for (const { text, status } of report.loombench.thresholds ?? []) {
    add('loombench_threshold_passed', 'Whether a threshold was met; no data is a miss.', {
      labels: [...identity, ['threshold', text]],
      value: status === 'pass' ? 1 : 0,
    });
  }
}

function addFiguresOverRuns(report: JsonReport, add: Add): void {
  const addFigure = (figure: MetricIdentity, value: number, own: Sample['labels']): void =>
    add(metricName('loombench', figure), `Over the valid runs: ${helpOf(figure)}.`, {
      labels: [...identityOf(report), ...own, ...quantileLabel(figure), ...invalidLabel(report)],
      value: baseValue(figure.unit, value),
    });
  for (const metric of aggregateMetrics(report)) {
    for (const statistic of STATISTICS) {
      const value = metric.stats[statistic];
      if (value !== null) addFigure(metric, value, [['statistic', statistic]]);
    }
  }
  for (const figure of benchmarkFigures(report)) {
    addFigure(figure, figure.value, figure.of === '' ? [] : [['condition', figure.of]]);
  }
}

function addRun(report: JsonReport, run: JsonRunResult, add: Add): void {
  for (const metric of runMetrics(run)) {
    if (metric.value === null) continue;
    add(metricName('loombench_run', metric), `Of one run: ${helpOf(metric)}.`, {
      labels: [
        ...identityOf(report),
        ['run', String(run.run_number)],
        ...quantileLabel(metric),
        ...invalidLabel(run),
      ],
      value: baseValue(metric.unit, metric.value),
    });
  }
}

function identityOf({ scenario, loombench }: JsonReport): readonly (readonly [string, string])[] {
  return [
    ['benchmark', loombench.benchmarkId],
    ['scenario', scenario],
  ];
}

/** What failed a check says so in each of its samples. */
function invalidLabel(of: JsonReport | JsonRunResult): readonly (readonly [string, string])[] {
  return isInvalid(of) ? [['verdict', 'INVALID']] : [];
}

const UNIT_SUFFIX = {
  us: '_seconds',
  'calls/s': '_calls_per_second',
  share: '_ratio',
  percent: '_ratio',
  count: '',
} as const satisfies Record<FigureUnit, string>;

function metricName(prefix: string, { family, unit }: MetricIdentity): string {
  return `${prefix}_${family}${UNIT_SUFFIX[unit]}`;
}

function helpOf({ family, unit }: MetricIdentity): string {
  const suffix = UNIT_SUFFIX[unit].slice(1).replaceAll('_', ' ');
  return `${family.replaceAll('_', ' ')}${suffix === '' ? '' : ` in ${suffix}`}`;
}

function quantileLabel({ quantile }: MetricIdentity): readonly (readonly [string, string])[] {
  return quantile === null ? [] : [['quantile', String(quantile)]];
}

function baseValue(unit: FigureUnit, value: number): number {
  if (unit === 'percent') return value / 100;
  return unit === 'us' ? value / 1_000_000 : value;
}

function familyText(name: string, { help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = labels.map(([key, text]) => `${key}="${labelText(text)}"`).join(',');
    return `${name}{${pairs}} ${String(value)}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replace(/\r?\n|\r/g, '\\n');
}
