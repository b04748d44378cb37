// From what was recorded to what is reported: everything of a run's measurement that its calls can tell.

import type {
  EncodedHistogram,
  LatencySummary,
  MeasurementWindow,
  QuantileMethod,
  RunMeasurement,
  StreamSummary,
} from '../../contract/run-result.ts';
import type { Warning } from '../../contract/warning.ts';
import { CALL_CLASS, SILENT_REASON } from './classify.ts';
import { firstCall } from './first-call.ts';
import { encodeHistogram } from './hdr-encoding.ts';
import {
  allCallsHistogram,
  LATENCY_KINDS,
  outcomeHistogram,
  type HistogramOutcome,
  type LatencyKind,
} from './histogram-set.ts';
import { summaryOfHistogram, summaryOfSorted } from './latency-summary.ts';
import { HISTOGRAM_RELATIVE_ERROR, type LogLinearHistogram } from './log-linear-histogram.ts';
import { sortedLatenessNs, sortedOkLatenciesNs, type LatencyOrigin } from './raw-results.ts';
import { callCounts, STREAM_CELL, STREAM_STRIDE, type RecordedRun } from './recorded-run.ts';
import { recordingWarnings } from './recording-warnings.ts';
import { sloCounts } from './slo-account.ts';
import { statusCounts, topErrors, type RecordedStatuses } from './status-account.ts';
import { timelineBuckets } from './timeline.ts';
import { windowFigures } from './window-figures.ts';

export interface SummaryContext {
  /** The headline: `service` in a closed loop, `response` in an open one. */
  readonly latencyKind: LatencyOrigin;
  /** Whether the timeline is wanted. */
  readonly timeSeries: boolean;
}

export type RecordingSummary = Pick<
  RunMeasurement,
  | 'window'
  | 'calls'
  | 'windowCalls'
  | 'throughputRps'
  | 'okThroughputRps'
  | 'goodput'
  | 'latency'
  | 'latencyKind'
  | 'serviceTime'
  | 'responseTime'
  | 'sendLateness'
  | 'overhead'
  | 'quantileMethod'
  | 'statusCounts'
  | 'topErrors'
  | 'streams'
  | 'timeline'
  | 'histograms'
  | 'littlesLaw'
  | 'firstCall'
> & { readonly warnings: readonly Warning[] };

/**
 * Plain JSON values only: no NaN, no Infinity, no integer above 2^53. `quantileMethod` speaks of the service, response,
 * headline and lateness figures; streams' figures and the overhead always come from histograms, the timeline's
 * percentiles from coarser ones (1/512).
 */
export function summarizeRecording(
  recorded: RecordedRun,
  context: SummaryContext,
): RecordingSummary {
  const { sawLlmOutput } = recorded;
  const serviceTime = latencySummary(recorded, 'service');
  const responseTime = latencySummary(recorded, 'response');
  const overhead = okHistogram(recorded, 'overhead');
  const statuses = withSilentCalls(recorded);
  const figures = windowFigures(recorded);
  return {
    ...figures,
    ...goodput(recorded, figures.window),
    calls: callCounts(recorded.callsByClass, sawLlmOutput),
    windowCalls: callCounts(recorded.measuredByClass, sawLlmOutput),
    latency: context.latencyKind === 'service' ? serviceTime : responseTime,
    latencyKind: context.latencyKind,
    serviceTime,
    responseTime,
    sendLateness: latenessSummary(recorded),
    overhead: overhead.count === 0 ? null : summaryOfHistogram(overhead),
    quantileMethod: quantileMethod(recorded),
    statusCounts: statusCounts(statuses),
    topErrors: topErrors(statuses),
    firstCall: firstCall(recorded),
    streams: recorded.streaming ? streamSummary(recorded, context.latencyKind) : null,
    timeline: context.timeSeries ? timelineBuckets(recorded.timeline, sawLlmOutput) : null,
    histograms: encodedHistograms(recorded, context.latencyKind),
    warnings: recordingWarnings(recorded),
  };
}

function goodput(
  { slo, sawLlmOutput }: RecordedRun,
  { startMs, endMs }: MeasurementWindow,
): Pick<RunMeasurement, 'goodput'> {
  if (slo === null) return {};
  const { metAll, metEach } = sloCounts(slo, sawLlmOutput);
  const conditions = slo.conditions.map(({ text }, at) => ({ text, metCalls: metEach[at] ?? 0 }));
  const lengthMs = endMs - startMs;
  const rps = lengthMs > 0 ? (metAll / lengthMs) * 1000 : null;
  return { goodput: { metCalls: metAll, rps, conditions } };
}

function quantileMethod(recorded: RecordedRun): QuantileMethod {
  return recorded.raw.complete
    ? { kind: 'exact', relativeError: 0 }
    : { kind: 'histogram', relativeError: HISTOGRAM_RELATIVE_ERROR };
}

function latencySummary(recorded: RecordedRun, origin: LatencyOrigin): LatencySummary {
  const histogram = okHistogram(recorded, origin);
  return recorded.raw.complete
    ? summaryOfSorted(sortedOkLatenciesNs(recorded, origin), histogram.meanNs)
    : summaryOfHistogram(histogram);
}

/** Of all measured calls: how late a call was sent does not depend on how it ended. */
function latenessSummary(recorded: RecordedRun): LatencySummary {
  const histogram = allCallsHistogram(recorded.histograms, 'sendLateness');
  return recorded.raw.complete
    ? summaryOfSorted(sortedLatenessNs(recorded), histogram.meanNs)
    : summaryOfHistogram(histogram);
}

/** Messages and tokens of streams that ended OK, whether ok or degraded; what failed streams brought is apart. */
function streamSummary(recorded: RecordedRun, origin: LatencyOrigin): StreamSummary {
  const okClasses: readonly number[] = [CALL_CLASS.ok, CALL_CLASS.silent, CALL_CLASS.degraded];
  const cell = (callClass: number, index: number): number =>
    recorded.streams[callClass * STREAM_STRIDE + index] ?? 0;
  const overOk = (read: (callClass: number) => number): number =>
    okClasses.reduce((sum, callClass) => sum + read(callClass), 0);
  const summaryOf = (kind: LatencyKind): LatencySummary =>
    summaryOfHistogram(okHistogram(recorded, kind));
  const firstToken: LatencyKind =
    origin === 'service' ? 'timeToFirstToken' : 'intendedToFirstToken';
  return {
    streams: overOk((callClass) => recorded.measuredByClass[callClass] ?? 0),
    messages: overOk((callClass) => cell(callClass, STREAM_CELL.messages)),
    tokens: overOk((callClass) => cell(callClass, STREAM_CELL.tokens)),
    emptyStreams: overOk((callClass) => cell(callClass, STREAM_CELL.empty)),
    timeToFirstMessage: summaryOf(
      origin === 'service' ? 'timeToFirstMessage' : 'intendedToFirstMessage',
    ),
    timeToFirstToken: summaryOf(firstToken),
    messageGap: summaryOf('messageGap'),
    maxGapPerStream: summaryOf('maxGapPerStream'),
    lastMessageToStatus: summaryOf('lastMessageToStatus'),
    failedTimeToFirstToken: summaryOfHistogram(histogramOf(recorded, firstToken, 'error')),
    failedMessages: cell(CALL_CLASS.error, STREAM_CELL.messages),
    failedBytes: cell(CALL_CLASS.error, STREAM_CELL.bytes),
  };
}

interface EncodableHistogram {
  readonly kind: LatencyKind;
  readonly outcome: HistogramOutcome | 'all';
  readonly histogram: LogLinearHistogram;
}

const HISTOGRAM_OUTCOMES: readonly HistogramOutcome[] = ['ok', 'degraded', 'error'];

/** One per kind and outcome with values. In a closed loop the kinds from the intended start say nothing of their own. */
function encodedHistograms(recorded: RecordedRun, origin: LatencyOrigin): EncodedHistogram[] {
  const lateness = allCallsHistogram(recorded.histograms, 'sendLateness');
  const kinds = LATENCY_KINDS.filter(
    (kind) => kind !== 'sendLateness' && (origin === 'response' || !kind.startsWith('intendedTo')),
  );
  const byOutcome = kinds.flatMap((kind) =>
    HISTOGRAM_OUTCOMES.map((outcome) => ({
      kind,
      outcome,
      histogram: histogramOf(recorded, kind, outcome),
    })),
  );
  const all: EncodableHistogram[] = [
    ...byOutcome,
    { kind: 'sendLateness', outcome: 'all', histogram: lateness },
  ];
  return all
    .filter(({ histogram }) => histogram.count > 0)
    .map(({ kind, outcome, histogram }) => ({ kind, outcome, ...encodeHistogram(histogram) }));
}

function okHistogram(recorded: RecordedRun, kind: LatencyKind): LogLinearHistogram {
  return histogramOf(recorded, kind, 'ok');
}

function histogramOf(
  recorded: RecordedRun,
  kind: LatencyKind,
  outcome: HistogramOutcome,
): LogLinearHistogram {
  return outcomeHistogram(recorded.histograms, kind, {
    outcome,
    sawLlmOutput: recorded.sawLlmOutput,
  });
}

/** Silent calls get their reason only now that it is known whether they were degraded. */
function withSilentCalls(recorded: RecordedRun): RecordedStatuses {
  if (!recorded.sawLlmOutput) return recorded.statuses;
  const degradedByReason = recorded.statuses.degradedByReason.slice();
  degradedByReason[SILENT_REASON] = recorded.measuredByClass[CALL_CLASS.silent] ?? 0;
  return { ...recorded.statuses, degradedByReason };
}
