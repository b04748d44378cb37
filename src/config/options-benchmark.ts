// What makes a benchmark of single runs: how many, what is trimmed, what is collected, where the report goes.

import { DEFAULT_HOST_POLICY, HOST_LOSS_ACTIONS } from '../contract/host-policy.ts';
import { MAX_RUNS } from '../contract/ids.ts';
import { PRECISION_RULES } from '../contract/precision.ts';
import { DEFAULT_WATCH, WATCH_AGAINST } from '../contract/regression-watch.ts';
import { RATE_KEPT } from '../contract/threshold.ts';
import { REPORT_FORMATS } from '../contract/report-format.ts';
import { boolean, choice, duration, integer, list, optionalText, real, text } from './option.ts';

export const BENCHMARK_OPTIONS = {
  scenario: optionalText({ help: 'standard scenario whose settings the others start from' }),
  runs: integer({ default: 10, min: 1, max: MAX_RUNS, help: 'measured runs' }),
  targetPrecision: text({
    default: '',
    help: "add runs until the mean is known to ± this share, like '2%'; runs is then the pilot",
  }),
  maxRuns: integer({
    default: 50,
    min: 2,
    max: 1000,
    help: 'targetPrecision only: most runs to take',
  }),
  precisionMetric: text({
    default: 'latency_p50',
    help: 'targetPrecision only: the metric whose mean is meant, named as in thresholds',
  }),
  precisionRule: choice({
    values: PRECISION_RULES,
    default: 'stein',
    help: 'targetPrecision only: stein decides once after the pilot, sequential after each run and covers less',
  }),
  warmupRuns: integer({
    default: 2,
    min: 0,
    max: 1000,
    help: 'runs before them that are not counted',
  }),
  perRunWarmup: duration({
    default: 5000,
    help: 'cut from the start of each run; in a run by number of calls anything but 0 cuts the first 10 %',
  }),
  cooldown: duration({ default: 0, help: 'idle time between runs' }),
  host: text({
    default: DEFAULT_HOST_POLICY.host,
    help: 'name of the host that measures, as its worker calls itself; empty: the one that takes the benchmark first',
  }),
  onHostLoss: choice({
    default: DEFAULT_HOST_POLICY.onLoss,
    values: HOST_LOSS_ACTIONS,
    help: "when the worker of the measuring host is gone: wait for it up to hostLossLimit and then rehome; rehome at once, which discards that host's runs and measures all anew on another; or fail",
  }),
  hostLossLimit: duration({
    default: DEFAULT_HOST_POLICY.lossLimitMs,
    help: 'onHostLoss wait only: how long; 0 waits without limit',
  }),
  threshold: list({
    item: 'metric<limit',
    help: "what must hold of the result, like 'latency_p99<500ms', 'error_rate<1%' or 'throughput_rps>1000'; exit code 99 when it does not",
  }),
  failOnRateMiss: boolean({
    default: false,
    help: `exit code 99 when an open loop could not send what it owed: the threshold '${RATE_KEPT}'`,
  }),
  slo: list({
    item: 'time<limit',
    help: "what must hold for the same call, like 'ttft<500ms', 'latency<2s': goodput counts only calls for which all of it does; of latency, ttfm, ttft, tpot, max_gap",
  }),
  sloLatency: duration({
    default: 0,
    help: 'short for slo with a latency alone; 0 declares none',
  }),
  scenarioName: text({ default: '', help: 'name in the report' }),
  reportFormat: list({
    item: REPORT_FORMATS.join('|'),
    help: 'further forms of the report, written beside it, like html,csv',
  }),
  outputPath: text({ default: '', help: "file for the report, '-' for standard output" }),
  collectTimeSeries: boolean({ default: true, help: 'per-second timeline' }),
  collectHistogram: boolean({
    default: true,
    help: 'a file with every call, and latency_histogram',
  }),
  collectResources: boolean({ default: true, help: 'CPU, memory and event loop each second' }),
  collectGcCorrelation: boolean({
    default: true,
    help: 'how far garbage collection explains slow calls',
  }),
  regression: choice({
    default: DEFAULT_WATCH.against,
    values: WATCH_AGAINST,
    help: 'hold the result against its history: auto does it when scheduled or with failOnRegression, against the baseline where one is set',
  }),
  regressionThreshold: real({
    default: DEFAULT_WATCH.thresholdPct,
    min: 0,
    max: 1000,
    help: 'in percent: smaller changes are no regression',
  }),
  failOnRegression: boolean({
    default: DEFAULT_WATCH.failOnRegression,
    help: 'a benchmark that is worse than its history ends FAILED; exit code 99',
  }),
  notify: text({
    default: DEFAULT_WATCH.notifyCommand,
    help: 'program that the worker runs, without a shell, when the result is REGRESSED; it reads the JSON on standard input',
  }),
  notifyWebhook: text({
    default: DEFAULT_WATCH.notifyWebhook,
    help: 'http or https address that the JSON is posted to when the result is REGRESSED',
  }),
} as const;
