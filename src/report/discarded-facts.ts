// What was measured on hosts that were given up, in words: it is in no figure, but it was measured, and a reader may ask.

import {
  discardedText,
  MAX_LISTED_DISCARDED,
  unlistedRuns,
  type DiscardedRun,
  type DiscardedSeries,
} from '../contract/discarded-runs.ts';
import type { JsonReport } from '../contract/report.ts';
import { foreignText, latencyText, latencyUnit, numberText, plural } from './number-text.ts';
import type { Fact } from './report-facts.ts';
import { RUNS_SHOWN } from './text-columns.ts';

/** A line for each series, one for each run, and what is not listed. */
export function discardedFacts({ loombench }: JsonReport): readonly Fact[] {
  return (loombench.discarded ?? []).flatMap((series) => {
    const shown = series.runs.slice(0, RUNS_SHOWN);
    const hidden = series.runs.length - shown.length;
    const texts = [
      `${foreignText(discardedText(series))}; in no figure, given up at ${series.discardedAtUtc}`,
      ...shown.map((run) => `${discardedRunName(series, run)}: ${discardedFigures(run)}`),
      ...(hidden > 0
        ? [`and ${plural(hidden, 'more run')} of series ${series.series} in the report file`]
        : []),
      ...unlistedText(series),
    ];
    return texts.map((text) => ({ label: 'discarded', text }));
  });
}

/** [] when all are listed. */
export function unlistedText(series: DiscardedSeries): readonly string[] {
  const unlisted = unlistedRuns(series);
  return unlisted === 0
    ? []
    : [
        `${plural(unlisted, 'more run')} of series ${series.series} ${unlisted === 1 ? 'is' : 'are'} not listed: a report lists the newest ${MAX_LISTED_DISCARDED} discarded ones`,
      ];
}

/** 'run 2 of series 1 on bench-1' */
export function discardedRunName(
  { series, host }: DiscardedSeries,
  { phase, index }: DiscardedRun,
): string {
  return `${phase === 'warmup' ? 'warm-up run' : 'run'} ${index} of series ${series} on ${foreignText(host)}`;
}

/** Of an INVALID run only that it is one. */
export function discardedFigures(run: DiscardedRun): string {
  const { verdict, throughputRps, latencyP50Us, latencyP99Us } = run;
  if (verdict === 'INVALID') return verdict;
  const unit = latencyUnit([latencyP50Us, latencyP99Us]);
  const latency = (valueUs: number | null): string => `${latencyText(valueUs, unit)} ${unit.name}`;
  return `${numberText(throughputRps)} calls/s, p50 ${latency(latencyP50Us)}, p99 ${latency(latencyP99Us)}, ${verdict}`;
}
