// From the histograms in a report back to what a chart needs. Percentiles of the headline latency that the report states
// itself are taken from there, so that a chart and a table cannot differ.

import type {
  LatencyBin,
  LatencyDistribution,
  LatencyDistributions,
  QuantilePoint,
} from '../../contract/latency-distribution.ts';
import type { PooledLatency } from '../../contract/benchmark-statistics.ts';
import type { JsonReport, JsonRunResult } from '../../contract/report.ts';
import type { LatencySummary } from '../../contract/run-result.ts';
import { decodeHistogram } from './hdr-encoding.ts';
import { LogLinearHistogram } from './log-linear-histogram.ts';
import { bucketMiddle, FINE_STEPS_LOG2 } from './log-linear-layout.ts';

/** Throws BenchmarkError 'artifact-corrupt' for a histogram that cannot be read. */
export function latencyDistributions({
  runs,
  loombench,
}: Pick<JsonReport, 'runs' | 'loombench'>): LatencyDistributions {
  const decoded = runs.map((run) => ({ run, histogram: okHistogram(run) }));
  const pooled = new LogLinearHistogram();
  for (const { run, histogram } of decoded) {
    if (run.loombench.verdict !== 'INVALID' && histogram !== null) pooled.merge(histogram.data());
  }
  return {
    pooled: distributionOf(pooled, statedOverRuns(loombench.statistics?.pooledLatency ?? null)),
    byRun: decoded.map(({ run, histogram }) => ({
      runNumber: run.run_number,
      distribution:
        histogram === null ? null : distributionOf(histogram, statedOfRun(run.loombench.latency)),
    })),
  };
}

function okHistogram({ loombench }: JsonRunResult): LogLinearHistogram | null {
  const encoded = loombench.histograms.find(
    ({ kind, outcome }) => kind === loombench.latencyKind && outcome === 'ok',
  );
  return encoded === undefined ? null : decodeHistogram(encoded);
}

function distributionOf(
  histogram: LogLinearHistogram,
  stated: StatedValues,
): LatencyDistribution | null {
  const n = histogram.count;
  if (n === 0) return null;
  return { n, points: curveOf(histogram, stated), ...binsOf(histogram) };
}

/** Denser where a tail bends. In parts of 10 000. */
const CURVE = [
  0, 100, 500, 1000, 2000, 2500, 3000, 4000, 5000, 6000, 7000, 7500, 8000, 8500, 9000, 9250, 9500,
  9700, 9800, 9900, 9925, 9950, 9970, 9980, 9990, 9993, 9995, 9997, 9998, 9999,
] as const;
const PARTS = 10_000;

function curveOf(histogram: LogLinearHistogram, stated: StatedValues): readonly QuantilePoint[] {
  // The last whole call above the percentile: further out it would only be the maximum again.
  const parts = CURVE.filter((part) => (PARTS - part) * histogram.count >= PARTS);
  return parts.flatMap((part) => {
    const valueNs = histogram.valueAt({ numerator: part, denominator: PARTS });
    const valueUs = valueNs === null ? null : Math.round(valueNs / 1000);
    return valueUs === null
      ? []
      : [{ quantile: part / PARTS, valueUs: held(part, valueUs, stated) }];
  });
}

/** Exact ones, by parts of 10 000. */
type StatedValues = ReadonlyMap<number, number | null>;

/** A bucket's middle may lie beyond an exact neighbour in the same bucket; a curve of percentiles never falls. */
function held(part: number, valueUs: number, stated: StatedValues): number {
  const exact = stated.get(part) ?? null;
  if (exact !== null) return exact;
  let value = valueUs;
  for (const [at, anchor] of stated) {
    if (anchor === null) continue;
    value = at < part ? Math.max(value, anchor) : Math.min(value, anchor);
  }
  return value;
}

function statedOverRuns(pooled: PooledLatency | null): StatedValues {
  const parts = { p50: 5000, p90: 9000, p95: 9500, p99: 9900, p999: 9990, p9999: 9999 } as const;
  return new Map(
    (pooled?.percentiles ?? []).map(({ percentile, valueUs }) => [parts[percentile], valueUs]),
  );
}

function statedOfRun(stated: LatencySummary): StatedValues {
  return new Map([
    [0, stated.minUs],
    [5000, stated.p50Us],
    [9000, stated.p90Us],
    [9500, stated.p95Us],
    [9900, stated.p99Us],
    [9990, stated.p999Us],
    [9999, stated.p9999Us],
  ]);
}

const BINS = 48;
/** From here on the smallest and the largest call do not fit one linear axis. */
const LOGARITHMIC_FROM_RATIO = 8;

function binsOf(histogram: LogLinearHistogram): Pick<LatencyDistribution, 'bins' | 'spacing'> {
  const lowUs = (histogram.minNs ?? 0) / 1000;
  const highUs = Math.max((histogram.maxNs ?? 0) / 1000, lowUs + 1);
  const spacing = lowUs > 0 && highUs / lowUs >= LOGARITHMIC_FROM_RATIO ? 'logarithmic' : 'linear';
  const edges = Array.from({ length: BINS + 1 }, (_, index) =>
    spacing === 'linear'
      ? lowUs + ((highUs - lowUs) * index) / BINS
      : lowUs * (highUs / lowUs) ** (index / BINS),
  );
  const counts = new Array<number>(BINS).fill(0);
  histogram.data().counts.forEach((count, bucket) => {
    if (count === 0) return;
    const valueUs = bucketMiddle(bucket, FINE_STEPS_LOG2) / 1000;
    const after = edges.findIndex((edge, index) => index > 0 && valueUs < edge);
    const bin = after === -1 ? BINS - 1 : after - 1;
    counts[bin] = (counts[bin] ?? 0) + count;
  });
  const bins = counts.map((count, index): LatencyBin => ({
    lowUs: edges[index] ?? lowUs,
    highUs: edges[index + 1] ?? highUs,
    count,
  }));
  return { bins, spacing };
}
