// 'latency_p99<500ms' → a threshold. A limit carries the unit of its metric, so that 500 is never guessed to be
// milliseconds or microseconds.

import { isMetricName, METRIC_NAMES, metricUnit, type MetricUnit } from '../contract/metric.ts';
import { COMPARISONS, type Threshold } from '../contract/threshold.ts';
import { parseDurationMs } from './duration.ts';
import { nearestName } from './nearest-name.ts';
import type { ConfigProblem } from './problem.ts';

const PATTERN = /^\s*([A-Za-z0-9_]+)\s*(<=|>=|<|>)\s*(\S+)\s*$/;

export type ParsedThreshold =
  | { readonly kind: 'ok'; readonly threshold: Threshold }
  | { readonly kind: 'invalid'; readonly problem: ConfigProblem };

export function parseThreshold(text: string): ParsedThreshold {
  const [, metric = '', sign = '', limitText = ''] = PATTERN.exec(text) ?? [];
  const comparison = COMPARISONS.find((known) => known === sign);
  if (comparison === undefined) {
    const message = `"${text}" is not a threshold`;
    return invalid(message, "write metric, < or >, and limit, like 'latency_p99<500ms'");
  }
  if (!isMetricName(metric)) return unknownMetric(metric);
  const unit = metricUnit(metric);
  const limit = parseLimit(limitText, unit);
  if (limit === null) {
    return invalid(`the limit of "${text}" must be ${EXPECTED[unit]}, not "${limitText}"`);
  }
  return { kind: 'ok', threshold: { metric, comparison, limit, unit, text: text.trim() } };
}

const EXPECTED: Readonly<Record<MetricUnit, string>> = {
  us: 'a duration with its unit, like 500ms, 1.5s or 250us',
  share: 'a share like 1% or 0.01',
  'calls/s': 'a number of calls per second, like 1000',
};

function parseLimit(text: string, unit: MetricUnit): number | null {
  switch (unit) {
    case 'us': {
      const durationMs = parseDurationMs(text);
      return durationMs === null ? null : durationMs * 1000;
    }
    case 'share':
      return parseShare(text);
    case 'calls/s':
      return plainNumber(text);
  }
}

/** '1%' or '0.01' → 0.01; null when it is neither or above 1. */
export function parseShare(text: string): number | null {
  const isPercent = text.endsWith('%');
  const value = plainNumber(isPercent ? text.slice(0, -1) : text);
  const share = value === null ? null : isPercent ? value / 100 : value;
  return share !== null && share <= 1 ? share : null;
}

function plainNumber(text: string): number | null {
  return /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : null;
}

function unknownMetric(name: string): ParsedThreshold {
  const near = nearestName(name, METRIC_NAMES);
  const known = `known are ${METRIC_NAMES.join(', ')}`;
  return invalid(
    `there is no metric "${name}"`,
    near === null ? known : `did you mean ${near}? ${known}`,
  );
}

function invalid(message: string, hint?: string): ParsedThreshold {
  const problem = { path: 'threshold', message, ...(hint === undefined ? {} : { hint }) };
  return { kind: 'invalid', problem };
}
