// Figures for people: a unit for a whole group, digits that fit it, and a dash with its reason where there is no figure.

import { UNDEFINED_MARK, decimalsFor, latencyUnit, numberText } from './number-text.ts';
import type { AggregateMetric, FigureUnit, RunMetric } from './report-metrics.ts';
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

export interface ShownAggregate {
  readonly label: string;
  readonly unit: string;
  readonly median: string;
  /** '13.08 … 13.93' */
  readonly interval: string;
  readonly cv: string;
  readonly min: string;
  readonly max: string;
  /** '' when every figure is there. */
  readonly absence: string;
}

/** Rows of the aggregate's table; latencies share a unit, and a row its decimals. */
export function shownAggregates(metrics: readonly AggregateMetric[]): readonly ShownAggregate[] {
  const medians = metrics.filter(({ unit }) => unit === 'us').map(({ stats }) => stats.median);
  return metrics.map(({ label, unit, stats, absence }) => {
    const shown = shownUnit(unit, medians);
    const leading = stats.median === 0 ? stats.max : stats.median;
    const decimals = decimalsFor(((leading ?? 0) * shown.times) / shown.per);
    const text = (value: number | null): string => shownValue(value, shown, decimals);
    const hasInterval = stats.ci95_low !== null && stats.ci95_high !== null;
    return {
      label,
      unit: shown.name,
      median: text(stats.median),
      interval: hasInterval ? `${text(stats.ci95_low)} … ${text(stats.ci95_high)}` : UNDEFINED_MARK,
      cv: stats.cv_pct === null ? UNDEFINED_MARK : `${numberText(stats.cv_pct, 1)} %`,
      min: text(stats.min),
      max: text(stats.max),
      absence,
    };
  });
}

/** Columns of the aggregate in every format; those from `AGGREGATE_NUMBERS_FROM` on are numbers. */
export const AGGREGATE_COLUMNS = [
  'metric',
  'unit',
  'median',
  '95 % CI of the mean',
  'CV',
  'min',
  'max',
] as const;
export const AGGREGATE_NUMBERS_FROM = 2;

export function aggregateCells(rows: readonly ShownAggregate[]): readonly (readonly string[])[] {
  return rows.map(({ label, unit, median, interval, cv, min, max }) => [
    label,
    unit,
    median,
    interval,
    cv,
    min,
    max,
  ]);
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
