// Is there enough of the right thing to speak of? Mostly doubts, printed beside the numbers.

import type { GateResult } from '../../contract/warning.ts';
import { headline, notMeasured, shown, type GateFacts, type GateHead } from './gate-facts.ts';

const DRAIN: GateHead = { id: 'G9', name: 'calls drained', unit: 'calls' };

export function drainGate(facts: GateFacts): GateResult {
  const { incomplete } = facts.measured.calls;
  return {
    ...DRAIN,
    status: incomplete === 0 ? 'pass' : 'warn',
    value: incomplete,
    limit: 0,
    message:
      incomplete === 0
        ? 'Every call ended by itself.'
        : `${incomplete} calls were still in flight when the grace was over; they are neither successes nor errors.`,
  };
}

const WINDOW: GateHead = { id: 'G10', name: 'window long enough', unit: 's' };
const WINDOW_MIN_S = 10;
const WINDOW_MIN_RESPONSES = 100;
/** Below this n, a 95 % interval of the p99 has no upper end. */
const P99_MIN_N = 368;

export function windowGate(facts: GateFacts): GateResult {
  const { startMs, endMs } = facts.measured.window;
  const seconds = (endMs - startMs) / 1000;
  const { meanUs, n } = headline(facts);
  const limit = Math.max(WINDOW_MIN_S, (WINDOW_MIN_RESPONSES * (meanUs ?? 0)) / 1e6);
  const short = seconds < limit;
  const few = n < P99_MIN_N;
  const reasons = [
    ...(short ? [`${shown(seconds)} s of window, ${shown(limit)} s wanted`] : []),
    ...(few ? [`${n} ok calls, ${P99_MIN_N} wanted for a p99`] : []),
  ];
  return {
    ...WINDOW,
    status: short || few ? 'warn' : 'pass',
    value: seconds,
    limit,
    message:
      reasons.length === 0
        ? `${shown(seconds)} s of window, ${n} ok calls.`
        : `Small for firm percentiles: ${reasons.join('; ')}.`,
  };
}

const ERRORS: GateHead = { id: 'G13', name: 'error share', unit: 'share' };
const ERROR_SHARE_WARN = 0.01;
const ERROR_SHARE_FAIL = 0.1;
const BAND_SD = 3.3;

/** Errors and degraded answers beyond what the target was told to inject. */
export function errorGate(facts: GateFacts): GateResult {
  const { ok, degraded, errors } = facts.measured.windowCalls;
  const n = ok + degraded + errors;
  if (n === 0) return notMeasured(ERRORS, 'No call ended in the window.');
  const { llm, serverSettings = 'unknown' } = facts.harness;
  const injected = facts.embedded || serverSettings !== 'unknown' ? llm.errorRate : 0;
  const band = injected + BAND_SD * Math.sqrt((injected * (1 - injected)) / n);
  const share = (degraded + errors) / n;
  const warnAbove = Math.min(1, band + ERROR_SHARE_WARN);
  const failAbove = Math.min(1, band + ERROR_SHARE_FAIL);
  const status = share > failAbove ? 'fail' : share > warnAbove ? 'warn' : 'pass';
  return {
    ...ERRORS,
    status,
    value: share,
    limit: warnAbove,
    message:
      status === 'pass'
        ? `${shown(100 * share)} % of the calls failed or were degraded.`
        : `${shown(100 * share)} % of the calls failed or were degraded: these are latencies of a failing system.`,
  };
}
