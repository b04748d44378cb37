// The words in which suites speak of metrics, picks and rules; the same on the terminal, in Markdown and in HTML.

import type { Headline, HeadlinePick, StopRule, SuiteMetric } from '../contract/scenario.ts';
import type { Figure } from '../contract/suite.ts';
import { decimalsFor, numberText, UNDEFINED_MARK } from './number-text.ts';

interface MetricWords {
  readonly name: string;
  readonly unit: string;
  /** From the figure's own unit to the one that is shown. */
  readonly factor: number;
}

const METRICS: Readonly<Record<SuiteMetric, MetricWords>> = {
  throughput: { name: 'throughput', unit: 'calls/s', factor: 1 },
  latencyP50: { name: 'latency p50', unit: 'ms', factor: 1e-3 },
  latencyP90: { name: 'latency p90', unit: 'ms', factor: 1e-3 },
  latencyP99: { name: 'latency p99', unit: 'ms', factor: 1e-3 },
  errorRate: { name: 'errors', unit: '%', factor: 100 },
  timeToFirstToken: { name: 'time to first token p50', unit: 'ms', factor: 1e-3 },
  firstCall: { name: 'first call', unit: 'ms', factor: 1e-3 },
  targetMemory: { name: "target's memory", unit: 'MiB', factor: 1 / 2 ** 20 },
};

export function metricWords(metric: SuiteMetric): MetricWords {
  return METRICS[metric];
}

/** Without its unit. */
export function metricText(metric: SuiteMetric, value: number | null): string {
  if (value === null) return UNDEFINED_MARK;
  const shown = value * METRICS[metric].factor;
  return numberText(shown, decimalsFor(shown));
}

/** '812.4 [790.1, 833.0]' */
export function figureText(metric: SuiteMetric, figure: Figure): string {
  const { median, ci95Low, ci95High } = figure;
  const middle = metricText(metric, median);
  if (ci95Low === null || ci95High === null) return middle;
  return `${middle} [${metricText(metric, ci95Low)}, ${metricText(metric, ci95High)}]`;
}

const PICKS: Readonly<Record<HeadlinePick, string>> = {
  highest: 'the highest of all levels',
  lowest: 'the lowest of all levels',
  first: 'of the first level',
  last: 'of the last level',
  ratio: 'of the last level over that of the first',
};

export function headlineWords({ metric, pick }: Headline): string {
  return `${METRICS[metric].name}, ${PICKS[pick]}`;
}

export function stopRuleText(rule: StopRule | null): string {
  if (rule === null) return 'none: every level is measured';
  if (rule.kind === 'declines') {
    const { name } = METRICS[rule.metric];
    return `after ${rule.inARow} declines in a row of the median ${name}`;
  }
  const { latencyP50Ms, latencyP99Ms, errorRate } = rule.limits;
  const limits = [
    ...(latencyP50Ms === undefined ? [] : [`a median p50 above ${latencyP50Ms} ms`]),
    ...(latencyP99Ms === undefined ? [] : [`a median p99 above ${latencyP99Ms} ms`]),
    ...(errorRate === undefined ? [] : [`errors above ${errorRate * 100} %`]),
  ];
  const levels = rule.inARow === 1 ? 'a level' : `${rule.inARow} levels in a row`;
  return `after ${levels} with ${limits.join(' or ')}`;
}
