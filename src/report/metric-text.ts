// Figures for people: a unit for a whole group, digits that fit it, and a dash with its reason where there is no figure.

import { UNDEFINED_MARK, decimalsFor, latencyUnit, numberText } from './number-text.ts';
import type { AggregateMetric, FigureUnit, RunMetric } from './report-metrics.ts';
import { bootstrapAbsence, statisticAbsence } from './statistic-absence.ts';
import { WITHHELD } from './withheld-figures.ts';

export interface ShownUnit {
  /** 'ms', 'calls/s', '%', '' */
  readonly name: string;
  /** Shown value = value · times / per. */
  readonly times: number;
  readonly per: number;
}

/** One unit for metrics that are compared with each other; latencies take that of the smallest. */
export function shownUnit(unit: FigureUnit, valuesUs: readonly (number | null)[] = []): ShownUnit {
  switch (unit) {
    case 'us': {
      const { name, us } = latencyUnit(valuesUs);
      return { name, times: 1, per: us };
    }
    case 'calls/s':
      return { name: 'calls/s', times: 1, per: 1 };
    case 'share':
      return { name: '%', times: 100, per: 1 };
    case 'percent':
      return { name: '%', times: 1, per: 1 };
    case 'count':
      return { name: '', times: 1, per: 1 };
  }
}

/** '13.50'; the dash for null. */
export function shownValue(value: number | null, unit: ShownUnit, decimals?: number): string {
  if (value === null) return UNDEFINED_MARK;
  const scaled = (value * unit.times) / unit.per;
  return numberText(scaled, decimals ?? usualDecimals(scaled, unit));
}

/** Counts and microseconds are whole numbers. */
function usualDecimals(scaled: number, { name }: ShownUnit): number {
  return name === '' || name === 'µs' ? 0 : decimalsFor(scaled);
}

export interface ShownAggregates extends ShownTable {
  /** Columns before this one are text. */
  readonly numbersFrom: number;
}

interface AggregateColumn {
  readonly title: string;
  readonly cell: (row: AggregateRow) => string;
  /** Why the cell is a dash; '' where it is none. */
  readonly absence: (metric: AggregateMetric) => string;
  /** Left out where no metric has it. */
  readonly isOptional?: true;
}

interface AggregateRow {
  readonly metric: AggregateMetric;
  readonly unit: string;
  /** All figures of a row have the same decimals. */
  readonly text: (value: number | null) => string;
}

const AGGREGATE_COLUMNS: readonly AggregateColumn[] = [
  { title: 'metric', cell: ({ metric }) => metric.label, absence: () => '' },
  { title: 'unit', cell: ({ unit }) => unit, absence: () => '' },
  {
    title: 'median',
    cell: ({ metric, text }) => text(metric.stats.median),
    absence: whyNot('median'),
  },
  {
    title: '95 % CI of the median',
    cell: ({ metric: { stats }, text }) =>
      boundsText(stats.median_ci95_low, stats.median_ci95_high, text),
    absence: whyNot('median_ci95_low', 'median_ci95_high'),
    isOptional: true,
  },
  {
    title: '95 % CI of the mean',
    cell: ({ metric: { stats }, text }) => boundsText(stats.ci95_low, stats.ci95_high, text),
    absence: whyNot('ci95_low', 'ci95_high'),
  },
  {
    title: '95 % BCa CI of the mean',
    cell: ({ metric, text }) =>
      bootstrapAbsence(metric) === ''
        ? boundsText(metric.stats.bca_ci95_low, metric.stats.bca_ci95_high, text)
        : UNDEFINED_MARK,
    absence: bootstrapAbsence,
    isOptional: true,
  },
  {
    title: 'CV',
    cell: ({ metric: { stats } }) => cvText(stats.cv_pct),
    absence: whyNot('cv_pct'),
  },
  { title: 'min', cell: ({ metric, text }) => text(metric.stats.min), absence: whyNot('min') },
  { title: 'max', cell: ({ metric, text }) => text(metric.stats.max), absence: whyNot('max') },
];
const AGGREGATE_NUMBERS_FROM = 2;

/** The first reason for which one of these statistics is missing. */
function whyNot(
  ...statistics: readonly (keyof AggregateMetric['stats'])[]
): AggregateColumn['absence'] {
  return (metric) =>
    statistics.map((each) => statisticAbsence(metric, each)).find((reason) => reason !== '') ?? '';
}

/** The table of the aggregate in every format; metrics of one family share a unit, and a row its decimals. */
export function shownAggregates(metrics: readonly AggregateMetric[]): ShownAggregates {
  const rows = metrics.map((metric) => aggregateRow(metric, metrics));
  const columns = AGGREGATE_COLUMNS.filter(
    ({ cell, isOptional }) =>
      isOptional !== true || rows.some((row) => cell(row) !== UNDEFINED_MARK),
  );
  return {
    columns: columns.map(({ title }) => title),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
    numbersFrom: AGGREGATE_NUMBERS_FROM,
    absences: absenceLines(
      columns.flatMap(({ absence }) =>
        metrics.map((metric) => ({ label: metric.label, absence: absence(metric) })),
      ),
    ),
  };
}

function aggregateRow(metric: AggregateMetric, all: readonly AggregateMetric[]): AggregateRow {
  const { stats, unit, family } = metric;
  const relatives = all.filter((other) => other.family === family);
  const shown = shownUnit(
    unit,
    relatives.map((other) => other.stats.median),
  );
  const leading = stats.median === 0 ? stats.max : stats.median;
  const decimals = decimalsFor(((leading ?? 0) * shown.times) / shown.per);
  return { metric, unit: shown.name, text: (value) => shownValue(value, shown, decimals) };
}

/** '13.08 … 13.93'; the dash where one bound is missing. */
function boundsText(
  low: number | null,
  high: number | null,
  text: (value: number | null) => string,
): string {
  return low === null || high === null ? UNDEFINED_MARK : `${text(low)} … ${text(high)}`;
}

function cvText(cvPct: number | null): string {
  return cvPct === null ? UNDEFINED_MARK : `${numberText(cvPct, 1)} %`;
}

/** 'reason (these, those)', or the reason alone when it is everybody's; each reason once. */
export function absenceLines(
  figures: readonly { readonly label: string; readonly absence: string }[],
): readonly string[] {
  const byReason = new Map<string, Set<string>>();
  for (const { label, absence } of figures) {
    if (absence === '') continue;
    const labels = byReason.get(absence) ?? new Set();
    byReason.set(absence, labels.add(label));
  }
  const all = new Set(figures.map(({ label }) => label)).size;
  return [...byReason].map(([reason, labels]) =>
    labels.size === all || reason === WITHHELD ? reason : `${reason} (${[...labels].join(', ')})`,
  );
}

export interface ShownTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Why figures are missing, each reason once. */
  readonly absences: readonly string[];
}

/** Percentiles of one thing share a unit: 'latency' of 'latency_p99'. */
function kinOf(id: string): string {
  return id.split('_')[0] ?? id;
}

/** Chosen metrics as columns, their unit in the title, one row per list of metrics. */
export function shownMetrics(
  rows: readonly (readonly RunMetric[])[],
  ids: readonly string[],
): ShownTable {
  const columns = ids.flatMap((id) => {
    const cells = rows.map((row) => row.find((metric) => metric.id === id));
    const [first] = cells.filter((cell) => cell !== undefined);
    return first === undefined ? [] : [{ first, cells }];
  });
  const valuesLike = (id: string): readonly (number | null)[] =>
    columns
      .filter(({ first }) => kinOf(first.id) === kinOf(id))
      .flatMap(({ cells }) => cells.map((cell) => cell?.value ?? null));
  const shown = columns.map(({ first, cells }) => {
    const unit = shownUnit(first.unit, valuesLike(first.id));
    return {
      title: unit.name === '' ? first.label : `${first.label} (${unit.name})`,
      texts: cells.map((cell) => shownValue(cell?.value ?? null, unit)),
    };
  });
  return {
    columns: shown.map(({ title }) => title),
    rows: rows.map((_, index) => shown.map(({ texts }) => texts[index] ?? UNDEFINED_MARK)),
    absences: absenceLines(
      columns.flatMap(({ cells }) => cells.filter((cell) => cell !== undefined)),
    ),
  };
}
