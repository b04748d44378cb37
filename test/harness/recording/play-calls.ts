// Plays scripted calls into a recorder in the order of time, as an engine and a driver would.

import type { CallEnd, MessageFacts } from '../../../src/harness/engines/engine.ts';
import {
  CallRecorder,
  type RecorderOptions,
} from '../../../src/harness/recording/call-recorder.ts';
import type { RecordedRun } from '../../../src/harness/recording/recorded-run.ts';
import {
  summarizeRecording,
  type RecordingSummary,
  type SummaryContext,
} from '../../../src/harness/recording/summarize-recording.ts';

export const MS = 1_000_000;
export const SECOND = 1000 * MS;

export interface ScriptedMessage {
  readonly atNs: number;
  readonly facts?: Partial<MessageFacts>;
}

export interface ScriptedCall {
  readonly intendedNs: number;
  /** Default: as intended. */
  readonly dispatchNs?: number;
  /** null: never ends. */
  readonly endNs: number | null;
  /** Default: one whole answer with usage, at the end. */
  readonly messages?: readonly ScriptedMessage[];
  readonly end?: Partial<CallEnd>;
  /** Default: its place in the list. */
  readonly index?: number;
}

export const ANSWER: MessageFacts = {
  bytes: 39,
  isToken: false,
  tokenCount: 0,
  contentBytes: 20,
  completed: true,
  failed: false,
  llmTokens: 150,
  apology: false,
};

/** A message of a stream that is neither content nor its end. */
export const PROGRESS_NEWS: MessageFacts = {
  ...ANSWER,
  contentBytes: 0,
  completed: false,
  llmTokens: 0,
};

export function token(tokenCount: number): MessageFacts {
  return { ...PROGRESS_NEWS, isToken: true, tokenCount, contentBytes: tokenCount * 4 };
}

export const OK_END: CallEnd = {
  grpcStatus: 0,
  statusMessage: '',
  origin: 'server',
  llmTimeUs: NaN,
};

export type PlayOptions = Partial<RecorderOptions> & { readonly abandonAtNs?: number };

export function newRecorder(options: PlayOptions = {}): CallRecorder {
  return new CallRecorder({
    slots: 64,
    streaming: false,
    clock: { originNs: 0n, nowNs: () => 0 },
    loadStartNs: 0,
    trim: { kind: 'none' },
    maxRawValues: 1_000_000,
    onFinished: () => undefined,
    ...options,
  });
}

type Step = (recorder: CallRecorder) => void;

/** Ends before begins at the same instant: a slot is free when its call ended. */
const ORDER = { message: 0, end: 1, begin: 2 } as const;

export function play(calls: readonly ScriptedCall[], options: PlayOptions = {}): RecordedRun {
  const recorder = newRecorder({ slots: calls.length + 1, ...options });
  const steps: { atNs: number; order: number; step: Step }[] = [];
  calls.forEach((call, slot) => {
    const dispatchNs = call.dispatchNs ?? call.intendedNs;
    const index = call.index ?? slot;
    steps.push({
      atNs: dispatchNs,
      order: ORDER.begin,
      step: (target) => target.begin(slot, index, call.intendedNs, dispatchNs),
    });
    const wholeAnswer: readonly ScriptedMessage[] =
      call.endNs === null ? [] : [{ atNs: call.endNs }];
    for (const message of call.messages ?? wholeAnswer) {
      const facts = { ...ANSWER, ...message.facts };
      steps.push({
        atNs: message.atNs,
        order: message.atNs === dispatchNs ? ORDER.begin + 1 : ORDER.message,
        step: (target) => target.onMessage(slot, message.atNs, facts),
      });
    }
    const { endNs } = call;
    if (endNs === null) return;
    steps.push({
      atNs: endNs,
      order: endNs === dispatchNs ? ORDER.begin + 2 : ORDER.end,
      step: (target) => target.onEnd(slot, endNs, { ...OK_END, ...call.end }),
    });
  });
  steps.sort((a, b) => a.atNs - b.atNs || a.order - b.order);
  for (const { step } of steps) step(recorder);
  if (options.abandonAtNs !== undefined) recorder.abandon(options.abandonAtNs);
  return recorder.finish();
}

export function summarize(
  recorded: RecordedRun,
  context: Partial<SummaryContext> = {},
): RecordingSummary {
  return summarizeRecording(recorded, { latencyKind: 'service', timeSeries: true, ...context });
}

/** Calls of one kind, back to back from the load's start. */
export function calls(latenciesNs: readonly number[], spacingNs: number = MS): ScriptedCall[] {
  return latenciesNs.map((latencyNs, index) => ({
    intendedNs: index * spacingNs,
    endNs: index * spacingNs + latencyNs,
  }));
}
