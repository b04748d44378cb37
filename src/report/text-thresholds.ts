// Which thresholds were met: the first thing that whoever set them wants to see.

import type { MetricUnit } from '../contract/metric.ts';
import type { ThresholdResult } from '../contract/threshold.ts';
import { latencyText, latencyUnit, numberText, UNDEFINED_MARK } from './number-text.ts';
import { textTable, type Column } from './text-table.ts';

const WORDS = { pass: 'pass', fail: 'FAIL', 'no-data': 'FAIL: no data' } as const satisfies Record<
  ThresholdResult['status'],
  string
>;

export interface ShownThreshold {
  /** As the user wrote it. */
  readonly text: string;
  readonly observed: string;
  readonly result: string;
  readonly message: string;
}

export const THRESHOLD_COLUMNS = ['threshold', 'observed', 'result', ''] as const;

export function shownThresholds(thresholds: readonly ThresholdResult[]): readonly ShownThreshold[] {
  return thresholds.map(({ text, observed, unit, status, message }) => ({
    text,
    observed: metricText(observed, unit),
    result: WORDS[status],
    message,
  }));
}

/** '' when none was set. */
export function thresholdsTable(thresholds: readonly ThresholdResult[]): string {
  if (thresholds.length === 0) return '';
  const columns = THRESHOLD_COLUMNS.map((title): Column => {
    return { title, align: title === 'observed' ? 'right' : 'left' };
  });
  const rows = shownThresholds(thresholds).map(({ text, observed, result, message }) => [
    text,
    observed,
    result,
    message,
  ]);
  return textTable(columns, rows);
}

/** A figure with its unit. */
export function metricText(value: number | null, unit: MetricUnit): string {
  if (value === null) return UNDEFINED_MARK;
  switch (unit) {
    case 'calls/s':
      return `${numberText(value)} calls/s`;
    case 'share':
      return `${numberText(100 * value)} %`;
    case 'us': {
      const shown = latencyUnit([Math.abs(value)]);
      return `${latencyText(value, shown)} ${shown.name}`;
    }
  }
}
