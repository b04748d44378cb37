// Which thresholds were met: the first thing that whoever set them wants to see.

import type { MetricUnit } from '../contract/metric.ts';
import type { ThresholdResult } from '../contract/threshold.ts';
import { latencyText, latencyUnit, numberText, UNDEFINED_MARK } from './number-text.ts';
import { textTable } from './text-table.ts';

const WORDS = { pass: 'pass', fail: 'FAIL', 'no-data': 'FAIL: no data' } as const satisfies Record<
  ThresholdResult['status'],
  string
>;

/** '' when none was set. */
export function thresholdsTable(thresholds: readonly ThresholdResult[]): string {
  if (thresholds.length === 0) return '';
  const columns = [
    { title: 'threshold', align: 'left' },
    { title: 'observed', align: 'right' },
    { title: 'result', align: 'left' },
  ] as const;
  const rows = thresholds.map(({ text, observed, unit, status, message }) => [
    text,
    metricText(observed, unit),
    WORDS[status],
    message,
  ]);
  return textTable([...columns, { title: '', align: 'left' }], rows);
}

/** A figure with its unit. */
function metricText(value: number | null, unit: MetricUnit): string {
  if (value === null) return UNDEFINED_MARK;
  switch (unit) {
    case 'calls/s':
      return `${numberText(value)} calls/s`;
    case 'share':
      return `${numberText(100 * value)} %`;
    case 'us': {
      const shown = latencyUnit([value]);
      return `${latencyText(value, shown)} ${shown.name}`;
    }
  }
}
