// The figures of a run that can be judged by name: in a threshold, over the runs of a benchmark, between two benchmarks.

const LATENCY_POINTS = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max'] as const;
export type LatencyPoint = (typeof LATENCY_POINTS)[number];

/** `ttft` is the time to the first token, `message_gap` that between two messages of a stream. */
const LATENCY_FAMILIES = ['latency', 'ttft', 'message_gap', 'overhead'] as const;
export type LatencyFamily = (typeof LATENCY_FAMILIES)[number];

/**
 * `goodput_rps`: calls that met the declared service level. `sent_share`: of the calls that an open loop owed, those that went out before the run was over.
 */
const COUNTED_METRICS = [
  'throughput_rps',
  'ok_throughput_rps',
  'goodput_rps',
  'error_rate',
  'sent_share',
] as const;
export type CountedMetric = (typeof COUNTED_METRICS)[number];

export type MetricName = CountedMetric | `${LatencyFamily}_${LatencyPoint}`;

/** `us`: microseconds. `share`: 0…1. */
export const METRIC_UNITS = ['calls/s', 'share', 'us'] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];

export const METRIC_NAMES: readonly MetricName[] = [
  ...COUNTED_METRICS,
  ...LATENCY_FAMILIES.flatMap((family) =>
    LATENCY_POINTS.map((point): MetricName => `${family}_${point}`),
  ),
];

export function isMetricName(name: string): name is MetricName {
  return METRIC_NAMES.some((known) => known === name);
}

export type MetricParts =
  | { readonly kind: 'counted'; readonly metric: CountedMetric }
  | { readonly kind: 'latency'; readonly family: LatencyFamily; readonly point: LatencyPoint };

export function metricParts(name: MetricName): MetricParts {
  for (const family of LATENCY_FAMILIES) {
    const point = LATENCY_POINTS.find((candidate) => name === `${family}_${candidate}`);
    if (point !== undefined) return { kind: 'latency', family, point };
  }
  return { kind: 'counted', metric: name as CountedMetric }; // the only names left
}

export function metricUnit(name: MetricName): MetricUnit {
  const parts = metricParts(name);
  if (parts.kind === 'latency') return 'us';
  return parts.metric === 'error_rate' || parts.metric === 'sent_share' ? 'share' : 'calls/s';
}

/** Throughputs and what was sent are better when they are higher, everything else when it is lower. */
export function lowerIsBetter(name: MetricName): boolean {
  return metricUnit(name) !== 'calls/s' && name !== 'sent_share';
}

const FAMILY_LABELS = {
  latency: 'latency',
  ttft: 'first token',
  message_gap: 'message gap',
  overhead: 'server overhead',
} as const satisfies Record<LatencyFamily, string>;

/** 'throughput', 'error rate', 'latency p99.9', 'first token p50': for sentences. */
export function metricLabel(name: MetricName): string {
  const parts = metricParts(name);
  if (parts.kind === 'counted') return parts.metric.replace(/_rps$/, '').replaceAll('_', ' ');
  return `${FAMILY_LABELS[parts.family]} ${percentileLabel(parts.point)}`;
}

/** 'p999' is p99.9: digits behind the second are decimals. Other names stay. */
export function percentileLabel(point: string): string {
  return point.replace(/^p(\d\d)(\d+)$/, 'p$1.$2');
}
