// What happened in a history in words that are the same in every place: '+9.8 % (95 % interval +8.1 % to +11.5 %)', levels with their unit, commits.

import { HISTORY_METRICS, MIN_RESULTS_OF_LEVEL, type HistoryMetric } from '../contract/history.ts';
import { latencyText, latencyUnit, numberText, plural, UNDEFINED_MARK } from './number-text.ts';

export function signedText(change: {
  readonly metric: HistoryMetric;
  readonly magnitude: number | null;
  readonly magnitudeAbsence?: string;
  readonly low: number | null;
  readonly high: number | null;
}): string {
  if (change.magnitude === null) {
    const { magnitudeAbsence: reason } = change;
    return reason === undefined ? UNDEFINED_MARK : `${UNDEFINED_MARK} (${reason})`;
  }
  const unit = HISTORY_METRICS[change.metric].scale === 'ratio' ? '%' : 'percentage points';
  const text = (value: number): string =>
    `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`;
  const interval =
    change.low === null || change.high === null
      ? ''
      : ` (95 % interval ${text(change.low)} to ${text(change.high)})`;
  return `${text(change.magnitude)} ${unit}${interval}`;
}

/** Of a series in which none was found; of a few results that is no finding. */
export function noChangeText(results: number): string {
  const needed = 2 * MIN_RESULTS_OF_LEVEL;
  return results < needed
    ? `No change can be seen in ${plural(results, 'result')}: at least ${needed} are needed.`
    : `No change point was found in ${plural(results, 'result')}.`;
}

export function shortCommit(commit: string): string {
  return commit === '' ? 'unknown' : commit.slice(0, 12);
}

/** 'latency p50 42 ms' and the like: a level in its metric's own unit. */
export function levelText(metric: HistoryMetric, value: number | null): string {
  if (value === null) return UNDEFINED_MARK;
  switch (metric) {
    case 'throughputRps':
      return `${numberText(value)}/s`;
    case 'errorRate':
      return `${numberText(100 * value, 2)} %`;
    case 'latencyP50Us':
    case 'latencyP95Us':
    case 'latencyP99Us': {
      const unit = latencyUnit([value]);
      return `${latencyText(value, unit)} ${unit.name}`;
    }
  }
}
