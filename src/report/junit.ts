// A report for CI servers that read JUnit: one suite for the benchmark, one per run, each gate a case. A gate that warns
// passes and says so in its output; one that was not measured is skipped; a run that was lost is an error.

import type { DiscardedSeries } from '../contract/discarded-runs.ts';
import type { JsonReport, JsonRunResult } from '../contract/report.ts';
import type { FailedRun } from '../contract/run-result.ts';
import type { ThresholdResult } from '../contract/threshold.ts';
import type { GateResult } from '../contract/warning.ts';
import { benchmarkFigures } from './benchmark-figures.ts';
import { aggregateMetrics, nameWithUnit, runMetrics, STATISTICS } from './report-metrics.ts';
import { discardedFigures, discardedRunName, unlistedText } from './discarded-facts.ts';
import { doubtsOf, runsSuffix, titleOf } from './report-facts.ts';
import { escapeMarkup } from './escape-markup.ts';

interface TestCase {
  readonly name: string;
  readonly outcome:
    | { readonly kind: 'passed'; readonly output: string }
    | { readonly kind: 'failed' | 'error' | 'skipped'; readonly message: string };
}

interface TestSuite {
  readonly name: string;
  readonly seconds: number;
  readonly timestampUtc: string;
  readonly hostname: string;
  readonly properties: readonly (readonly [string, string])[];
  readonly cases: readonly TestCase[];
}

export function junitText(report: JsonReport): string {
  const suites = [
    benchmarkSuite(report),
    ...report.runs.map(runSuite),
    ...report.loombench.failedRuns.map((run) => failedSuite(run, report)),
    ...(report.loombench.discarded ?? []).map(discardedSuite),
  ];
  const totals = attributes([
    ['name', titleOf(report)],
    ...countsOf(suites.flatMap(({ cases }) => cases)),
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    ...suites.map((suite) => suiteText(suite)),
    '</testsuites>',
    '',
  ].join('\n');
}

function benchmarkSuite(report: JsonReport): TestSuite {
  const { verdict, reasons, warnings, startedAtUtc, finishedAtUtc, environment } = report.loombench;
  const message = reasons.join('\n');
  const doubts = doubtsOf(report).map(
    (doubt) => `${doubt.code}${runsSuffix(doubt)}: ${doubt.message}`,
  );
  const output = [verdict, ...reasons, ...(warnings.length === 0 ? [] : doubts)].join('\n');
  return {
    name: titleOf(report),
    seconds: (Date.parse(finishedAtUtc) - Date.parse(startedAtUtc)) / 1000,
    timestampUtc: startedAtUtc,
    hostname: environment.hostname,
    properties: [
      ['benchmark', report.loombench.benchmarkId],
      ['config_hash', report.loombench.configHash],
      ['verdict', verdict],
      ...aggregateMetrics(report).flatMap((metric) =>
        STATISTICS.flatMap((statistic): [string, string][] => {
          const value = metric.stats[statistic];
          return value === null ? [] : [[`${nameWithUnit(metric)}.${statistic}`, String(value)]];
        }),
      ),
      ...benchmarkFigures(report).map((figure): [string, string] => [
        figure.of === '' ? nameWithUnit(figure) : `${nameWithUnit(figure)}.${figure.of}`,
        String(figure.value),
      ]),
    ],
    cases: [
      {
        name: 'the benchmark is valid',
        outcome: verdict === 'INVALID' ? { kind: 'failed', message } : { kind: 'passed', output },
      },
      ...(report.loombench.thresholds ?? []).map(thresholdCase),
    ],
  };
}

function thresholdCase({ text, status, message }: ThresholdResult): TestCase {
  const passed = status === 'pass';
  return {
    name: text,
    outcome: passed ? { kind: 'passed', output: message } : { kind: 'failed', message },
  };
}

function runSuite(run: JsonRunResult): TestSuite {
  const { verdict, gates, startedAtUtc, interrupted } = run.loombench;
  const whole: TestCase = {
    name: 'the run was measured to its end',
    outcome: interrupted
      ? { kind: 'error', message: 'it was stopped before its end' }
      : { kind: 'passed', output: verdict },
  };
  return {
    name: `run ${run.run_number}`,
    seconds: run.wall_time_ms / 1000,
    timestampUtc: startedAtUtc,
    hostname: run.loombench.host,
    properties: [
      ['verdict', verdict],
      ...runMetrics(run).flatMap((metric): [string, string][] =>
        metric.value === null ? [] : [[nameWithUnit(metric), String(metric.value)]],
      ),
    ],
    cases: [whole, ...gates.map(gateCase)],
  };
}

function gateCase(gate: GateResult): TestCase {
  const name = `${gate.id} ${gate.name}`;
  switch (gate.status) {
    case 'pass':
      return { name, outcome: { kind: 'passed', output: gate.message } };
    case 'warn':
      return { name, outcome: { kind: 'passed', output: `WARN ${gate.message}` } };
    case 'fail':
      return { name, outcome: { kind: 'failed', message: gate.message } };
    case 'not-measured':
      return { name, outcome: { kind: 'skipped', message: gate.message } };
  }
}

function failedSuite({ key, code, message, attempts }: FailedRun, report: JsonReport): TestSuite {
  const outcome = {
    kind: 'error',
    message: `${code} after ${attempts} attempts: ${message}`,
  } as const;
  return {
    name: `${key.phase === 'warmup' ? 'warm-up run' : 'run'} ${key.index}`,
    seconds: 0,
    timestampUtc: report.loombench.startedAtUtc,
    hostname: report.loombench.environment.hostname,
    properties: [],
    cases: [{ name: 'the run was measured to its end', outcome }],
  };
}

/** Skipped, as they count for nothing; a host that was lost before its first run has only the case of its loss. */
function discardedSuite(series: DiscardedSeries): TestSuite {
  const skipped = (name: string, message: string): TestCase => ({
    name,
    outcome: { kind: 'skipped', message },
  });
  const loss = `discarded, because ${series.reason}`;
  return {
    name: `discarded series ${series.series} on ${series.host}`,
    seconds: 0,
    timestampUtc: series.discardedAtUtc,
    hostname: series.host,
    properties: [],
    cases: [
      skipped('the host was kept to the end', [loss, ...unlistedText(series)].join('; ')),
      ...series.runs.map((run) => skipped(discardedRunName(series, run), discardedFigures(run))),
    ],
  };
}

function suiteText({
  name,
  seconds,
  timestampUtc,
  hostname,
  properties,
  cases,
}: TestSuite): string {
  const head = attributes([
    ['name', name],
    ...countsOf(cases),
    ['time', seconds.toFixed(3)],
    ['timestamp', timestampUtc.replace(/(\.\d+)?Z$/, '')],
    ['hostname', hostname],
  ]);
  const stated = properties.map(
    ([key, value]) =>
      `      <property ${attributes([
        ['name', key],
        ['value', value],
      ])}/>`,
  );
  return [
    `  <testsuite ${head}>`,
    ...(stated.length === 0 ? [] : ['    <properties>', ...stated, '    </properties>']),
    ...cases.map((testCase) => caseText(testCase, name)),
    '  </testsuite>',
  ].join('\n');
}

function caseText({ name, outcome }: TestCase, suite: string): string {
  const head = `    <testcase ${attributes([
    ['classname', suite],
    ['name', name],
    ['time', '0'],
  ])}`;
  if (outcome.kind === 'passed') {
    return outcome.output === ''
      ? `${head}/>`
      : `${head}><system-out>${escapeMarkup(outcome.output)}</system-out></testcase>`;
  }
  const tag = { failed: 'failure', error: 'error', skipped: 'skipped' }[outcome.kind];
  return `${head}><${tag} ${attributes([['message', outcome.message]])}/></testcase>`;
}

function countsOf(cases: readonly TestCase[]): [string, string][] {
  const number = (kind: TestCase['outcome']['kind']): string =>
    String(cases.filter(({ outcome }) => outcome.kind === kind).length);
  return [
    ['tests', String(cases.length)],
    ['failures', number('failed')],
    ['errors', number('error')],
    ['skipped', number('skipped')],
  ];
}

function attributes(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([key, value]) => `${key}="${escapeMarkup(value)}"`).join(' ');
}
