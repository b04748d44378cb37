// What recording costs: nanoseconds per value and per call, median of several rounds. Run: node --import tsx bench/recording.ts

import { performance } from 'node:perf_hooks';

import { CallRecorder } from '../src/harness/recording/call-recorder.ts';
import { LogLinearHistogram } from '../src/harness/recording/log-linear-histogram.ts';
import type { CallEnd, MessageFacts } from '../src/harness/engines/engine.ts';

const ROUNDS = 9;
const SLOTS = 50;

const OK: CallEnd = { grpcStatus: 0, statusMessage: '', origin: 'server', llmTimeUs: NaN };
const FACTS: MessageFacts = {
  bytes: 39,
  isToken: true,
  tokenCount: 1,
  contentBytes: 4,
  completed: true,
  failed: false,
  llmTokens: 5,
  apology: false,
};

/** A cheap generator, so that it does not dominate what is measured. */
function latencies(count: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 10_000_000 + (state / 2 ** 32) * 10_000_000;
  }).map(Math.floor);
}

function recorder(streaming: boolean, maxRawValues: number): CallRecorder {
  return new CallRecorder({
    slots: SLOTS,
    streaming,
    clock: { originNs: 0n, nowNs: () => 0 },
    loadStartNs: 0,
    trim: { kind: 'none' },
    maxRawValues,
    onFinished: () => undefined,
  });
}

function medianNs(name: string, operations: number, round: () => void): void {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    round();
    return ((performance.now() - start) * 1e6) / operations;
  }).sort((a, b) => a - b);
  const at = (index: number): string => (times[index] ?? 0).toFixed(1).padStart(8);
  console.log(
    `${name.padEnd(48)} min ${at(0)}  median ${at(Math.floor(ROUNDS / 2))}  max ${at(ROUNDS - 1)} ns`,
  );
}

const COUNT = 1_000_000;
const values = latencies(COUNT);

const histogram = new LogLinearHistogram();
medianNs('histogram, per value of 10-20 ms', values.length, () => {
  for (let index = 0; index < COUNT; index += 1) histogram.record(values[index] ?? 0);
});

const large = values.map((value) => value * 1000);
medianNs('histogram, per value of 10-20 s', large.length, () => {
  for (let index = 0; index < COUNT; index += 1) histogram.record(large[index] ?? 0);
});

const OPEN_LOOP_LATENESS_NS = 1000;

interface Calls {
  readonly calls: number;
  readonly messages: number;
  /** 0 is a closed loop: sent when intended. */
  readonly latenessNs: number;
}

function drive(target: CallRecorder, { calls, messages, latenessNs }: Calls): () => void {
  let nowNs = 0;
  let next = 0;
  return () => {
    for (let call = 0; call < calls; call += 1) {
      const slot = call % SLOTS;
      nowNs += 50_000;
      target.begin(slot, next, nowNs, nowNs + latenessNs);
      next += 1;
      const latencyNs = values[call] ?? 0;
      for (let message = 1; message <= messages; message += 1) {
        target.onMessage(slot, nowNs + (latencyNs * message) / (messages + 1), FACTS);
      }
      target.onEnd(slot, nowNs + latencyNs, OK);
    }
  };
}

for (const latenessNs of [0, OPEN_LOOP_LATENESS_NS]) {
  const loop = latenessNs === 0 ? 'closed' : 'open';
  const unary: Calls = { calls: 500_000, messages: 1, latenessNs };
  const stream: Calls = { calls: 200_000, messages: 10, latenessNs };
  medianNs(
    `${loop} loop: unary, beyond the raw bound`,
    unary.calls,
    drive(recorder(false, 0), unary),
  );
  medianNs(
    `${loop} loop: unary, raw row kept`,
    unary.calls,
    drive(recorder(false, 10_000_000), unary),
  );
  medianNs(`${loop} loop: stream of 10 messages`, stream.calls, drive(recorder(true, 0), stream));
}
