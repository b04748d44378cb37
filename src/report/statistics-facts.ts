// What the runs say together beyond the table of their medians, in a few lines: pooled percentiles, how sure the error
// rate is, where the variation comes from, goodput. Numbers are shown, never made.

import type { Goodput, PooledLatency, VarianceSplit } from '../contract/benchmark-statistics.ts';
import { percentileLabel } from '../contract/metric.ts';
import type { JsonReport } from '../contract/report.ts';
import { countText, latencyText, latencyUnit, numberText, plural } from './number-text.ts';
import type { Fact } from './report-facts.ts';

export function statisticsFacts({ loombench }: JsonReport): readonly Fact[] {
  const { statistics, precision } = loombench;
  if (statistics === undefined) return [];
  const { pooledLatency, errorRate, variance, goodput } = statistics;
  return [
    ...(precision === undefined ? [] : [{ label: 'precision', text: precision.note }]),
    ...(pooledLatency === null ? [] : pooledFacts(pooledLatency)),
    ...(errorRate === null
      ? []
      : [
          {
            label: 'error rate',
            text: `${countText(errorRate.failed)} of ${plural(errorRate.calls, 'call')} failed; 95 % CI ${percent(errorRate.low)} … ${percent(errorRate.high)}`,
          },
        ]),
    ...(goodput === null ? [] : [{ label: 'goodput', text: goodputText(goodput) }]),
    ...(variance === null ? [] : [{ label: 'variation', text: varianceText(variance) }]),
  ];
}

/** With fewer calls the percentile is simply the slowest of them. */
const CALLS_FOR: Readonly<Record<PooledLatency['percentiles'][number]['percentile'], number>> = {
  p50: 2,
  p90: 10,
  p95: 20,
  p99: 100,
  p999: 1000,
  p9999: 10_000,
};

function pooledFacts({ percentiles: all, calls, runs }: PooledLatency): Fact[] {
  const percentiles = all.filter(({ percentile }) => calls >= CALLS_FOR[percentile]);
  const unit = latencyUnit(percentiles.map(({ valueUs }) => valueUs));
  const parts = percentiles.map(({ percentile, valueUs, lowUs, highUs }) => {
    const hasInterval = lowUs !== null && highUs !== null;
    const bounds = `${latencyText(lowUs, unit)} … ${latencyText(highUs, unit)}`;
    return `${percentileLabel(percentile)} ${latencyText(valueUs, unit)}${hasInterval ? ` (${bounds})` : ''}`;
  });
  const isBounded = all.some(({ lowUs }) => lowUs !== null);
  const note = isBounded ? '95 % CI over runs' : 'a CI needs 6 valid runs';
  const over = `${plural(calls, 'ok call')} of ${plural(runs, 'run')} together`;
  return [{ label: 'pooled', text: `${over}, ${unit.name} (${note}): ${parts.join(', ')}` }];
}

/** Shares of single conditions only where there are several: they tell which one costs the most. */
function goodputText({
  sloLatencyMs,
  slo,
  rps,
  shareWithin,
  sharesByCondition = [],
}: Goodput): string {
  const conditions = slo ?? [`latency<=${sloLatencyMs ?? ''}ms`];
  const each = conditions.map((text, at) => `${text} ${percent(sharesByCondition[at] ?? 0)}`);
  const single = conditions.length > 1 ? ` (${each.join(', ')})` : '';
  return `${numberText(rps.median)} calls/s with ${conditions.join(' and ')} (median over runs), ${percent(shareWithin)} of the ok calls${single}`;
}

function varianceText({ betweenSdUs, withinSdUs, icc, advice }: VarianceSplit): string {
  const unit = latencyUnit([betweenSdUs, withinSdUs]);
  const spread = `sd of the mean latency ${latencyText(betweenSdUs, unit)} ${unit.name} between runs, ${latencyText(withinSdUs, unit)} ${unit.name} from second to second`;
  const share = icc === null ? '' : ` (ICC ${numberText(icc, 2)})`;
  return `${spread}${share}. ${advice}`;
}

function percent(share: number): string {
  return `${numberText(100 * share)} %`;
}
