// What a reader should know about a recording before trusting it, one sentence each.

import type { Warning } from '../../contract/warning.ts';
import { CALL_CLASS } from './classify.ts';
import { clampedValues } from './log-linear-histogram.ts';
import { HIGHEST_TRACKABLE_NS } from './log-linear-layout.ts';
import type { RecordedRun } from './recorded-run.ts';
import { windowFigures } from './window-figures.ts';

type Check = (recorded: RecordedRun) => string | null;

const CHECKS: Readonly<Record<string, Check>> = {
  'no-usage-reported': noUsageReported,
  'window-empty': windowEmpty,
  'raw-values-bounded': rawValuesBounded,
  'values-clamped': valuesClamped,
  'clock-went-back': ({ anomalies }) =>
    anomalies.backwardClock === 0
      ? null
      : `${anomalies.backwardClock} calls ended before they were sent by their time stamps; they count as 0 ns.`,
  'unexpected-events': ({ anomalies, abandonedAtNs }) =>
    // After calls were given up, the rest of their events is expected.
    anomalies.strayEvents === 0 || abandonedAtNs !== null
      ? null
      : `${anomalies.strayEvents} events came for calls that had ended; they were ignored.`,
  'message-gaps-lost': ({ anomalies }) =>
    anomalies.lostGaps === 0
      ? null
      : `${anomalies.lostGaps} message gaps of very long streams are not among the gaps; the longest gap of each stream is known all the same.`,
  'timeline-bounded': ({ timeline }) =>
    timeline.complete
      ? null
      : 'The run was too long for its whole timeline: late seconds lack percentiles or are counted together in the last one.',
};

export function recordingWarnings(recorded: RecordedRun): Warning[] {
  return Object.entries(CHECKS).flatMap(([code, check]) => {
    const message = check(recorded);
    return message === null ? [] : [{ code, message }];
  });
}

function noUsageReported(recorded: RecordedRun): string | null {
  const silent = recorded.callsByClass[CALL_CLASS.silent] ?? 0;
  if (silent === 0 || recorded.sawLlmOutput) return null;
  return `None of the ${silent} calls that ended OK reported tokens or streamed any, so a failed LLM could be told only by the text of the server's apology.`;
}

function windowEmpty(recorded: RecordedRun): string | null {
  const measured = recorded.measuredByClass.reduce((sum, count) => sum + count, 0);
  if (measured > 0 && windowFigures(recorded).throughputRps !== null) return null;
  return 'The measured window holds no call: the run was too short for its warm-up, or ended before it. Measure longer or trim less.';
}

function rawValuesBounded(recorded: RecordedRun): string | null {
  if (recorded.raw.complete) return null;
  const measured = recorded.measuredByClass.reduce((sum, count) => sum + count, 0);
  return `Raw values were kept for ${recorded.raw.rows} of ${measured} calls, spread evenly over the run; percentiles are from histograms over all of them.`;
}

function valuesClamped({ histograms }: RecordedRun): string | null {
  const clamped = histograms.reduce(
    (sum, histogram) => sum + (histogram === null ? 0 : clampedValues(histogram)),
    0,
  );
  return clamped === 0
    ? null
    : `${clamped} values were beyond what a histogram holds (0 to ${HIGHEST_TRACKABLE_NS} ns) and are recorded at its limit.`;
}
