// The zod schema of what a report says over its runs, beside the seed's aggregate.

import { z } from 'zod';
import type { BenchmarkStatistics } from '../contract/benchmark-statistics.ts';
import { METRIC_NAMES, METRIC_UNITS } from '../contract/metric.ts';
import type { Stats } from '../contract/report.ts';
import { count, nullableNumber, warningSchema } from './measurement-schema.ts';

export const statsSchema: z.ZodType<Stats> = z.strictObject({
  median: nullableNumber,
  mean: nullableNumber,
  stddev: nullableNumber,
  ci95_low: nullableNumber,
  ci95_high: nullableNumber,
  cv_pct: nullableNumber,
  min: nullableNumber,
  max: nullableNumber,
});

const metricSchema = z.strictObject({
  metric: z.enum(METRIC_NAMES),
  unit: z.enum(METRIC_UNITS),
  n: count,
  stats: statsSchema.exactOptional(),
  median: z.strictObject({
    value: z.number(),
    low: nullableNumber,
    high: nullableNumber,
    coverage: nullableNumber,
  }),
  bootstrap: z
    .strictObject({
      mean: z.number(),
      low: z.number(),
      high: z.number(),
      resamples: count,
      seed: count,
    })
    .nullable(),
  variation: z
    .strictObject({
      cvPct: z.number(),
      correctedPct: z.number(),
      lowPct: nullableNumber,
      highPct: nullableNumber,
    })
    .nullable(),
  independence: z
    .strictObject({
      lag1: z.number(),
      spearman: z.number(),
      limit: z.number(),
      suspicious: z.boolean(),
    })
    .nullable(),
  outliers: z.array(
    z.strictObject({
      run: count,
      value: z.number(),
      kind: z.enum(['mild', 'severe', 'modified-z']),
    }),
  ),
  warnings: z.array(warningSchema),
});

const pooledSchema = z.strictObject({
  runs: count,
  calls: count,
  resamples: count,
  seed: count,
  percentiles: z.array(
    z.strictObject({
      percentile: z.enum(['p50', 'p90', 'p95', 'p99', 'p999', 'p9999']),
      valueUs: z.number(),
      lowUs: nullableNumber,
      highUs: nullableNumber,
    }),
  ),
});

const errorRateSchema = z.strictObject({
  failed: count,
  calls: count,
  share: z.number(),
  low: z.number(),
  high: z.number(),
});

const varianceSchema = z.strictObject({
  runs: count,
  secondsPerRun: count,
  betweenSdUs: z.number(),
  withinSdUs: z.number(),
  icc: nullableNumber,
  pValue: nullableNumber,
  advice: z.string(),
});

export const statisticsSchema: z.ZodType<BenchmarkStatistics> = z.strictObject({
  confidence: z.number(),
  metrics: z.array(metricSchema),
  pooledLatency: pooledSchema.nullable(),
  errorRate: errorRateSchema.nullable(),
  variance: varianceSchema.nullable(),
  goodput: z
    .strictObject({
      sloLatencyMs: z.number().exactOptional(),
      slo: z.array(z.string()).exactOptional(),
      rps: statsSchema,
      shareWithin: z.number(),
      sharesByCondition: z.array(z.number()).exactOptional(),
    })
    .nullable(),
});
