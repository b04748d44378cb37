// What a run shows of itself while it goes on. For people, not for the report: its rate is over the last second or so.

import type { RunProgress } from '../../contract/run-plan.ts';
import { callCounts } from './recorded-run.ts';
import { CALL_CLASS } from './classify.ts';
import type { HistogramSet } from './histogram-set.ts';
import { P50, P99 } from './nearest-rank.ts';

/** The fields of RunProgress that come from calls; warm-up included, but for the latencies. */
export type RecordingProgress = Pick<
  RunProgress,
  'completed' | 'errors' | 'inFlight' | 'recentRps' | 'latencyP50Us' | 'latencyP99Us'
>;

const SECOND_NS = 1e9;

interface ProgressInput {
  readonly elapsedNs: number;
  readonly callsByClass: Float64Array;
  readonly inFlight: number;
  readonly sawLlmOutput: boolean;
  readonly histograms: HistogramSet;
}

interface Mark {
  readonly elapsedNs: number;
  readonly completed: number;
}

export class ProgressMeter {
  #older: Mark = { elapsedNs: 0, completed: 0 };
  #newer: Mark = { elapsedNs: 0, completed: 0 };

  read(input: ProgressInput): RecordingProgress {
    const counts = callCounts(input.callsByClass, input.sawLlmOutput);
    const completed = counts.ok + counts.degraded + counts.errors;
    const okClass = input.sawLlmOutput ? CALL_CLASS.ok : CALL_CLASS.silent;
    const latency = input.histograms.serviceTimes(okClass);
    return {
      completed,
      errors: counts.errors + counts.degraded,
      inFlight: input.inFlight,
      recentRps: completed === 0 ? null : this.#rate({ elapsedNs: input.elapsedNs, completed }),
      latencyP50Us: microseconds(latency.valueAt(P50)),
      latencyP99Us: microseconds(latency.valueAt(P99)),
    };
  }

  /** Between this reading and the latest one at least a second older, however often it is asked. */
  #rate(now: Mark): number | null {
    if (now.elapsedNs - this.#newer.elapsedNs >= SECOND_NS) {
      this.#older = this.#newer;
      this.#newer = now;
    }
    const passedNs = now.elapsedNs - this.#older.elapsedNs;
    return passedNs <= 0 ? null : ((now.completed - this.#older.completed) / passedNs) * SECOND_NS;
  }
}

function microseconds(valueNs: number | null): number | null {
  return valueNs === null ? null : Math.round(valueNs / 1000);
}
