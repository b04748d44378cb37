// The summary a person reads at a glance: the verdict first, then what was asked, what came, and every doubt.

import type { BenchmarkConfig } from '../contract/config.ts';
import type { JsonReport } from '../contract/report.ts';
import type { CallCounts } from '../contract/outcome.ts';
import { countText, durationText, foreignText, numberText, plural } from './number-text.ts';
import { metricsTable, runsTable, streamsTable } from './text-metrics.ts';
import { thresholdsTable } from './text-thresholds.ts';
import { openLoopTable, openLoopText } from './text-open-loop.ts';

export interface SummaryOptions {
  /** Where the report file is; null when there is none. */
  readonly reportPath: string | null;
  /** Where the workflow can be seen; null when it ran without Temporal. */
  readonly webUiUrl: string | null;
}

/** Ends with a newline. No colours and no clock: the same report always reads the same. */
export function summaryText(report: JsonReport, options: SummaryOptions): string {
  const { runs } = report;
  const sections = [
    headline(report),
    thresholdsTable(report.loombench.thresholds ?? []),
    described(report),
    runs.length === 0 ? '' : metricsTable(report),
    runs.length === 0 ? '' : runsTable(runs),
    openLoopTable(runs),
    streamsTable(runs),
    answers(report),
    interruptions(report),
    doubts(report),
    places(options),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ scenario, loombench }: JsonReport): string {
  const name = scenario === '' ? loombench.benchmarkId : scenario;
  const status = loombench.status === 'completed' ? '' : ` (${loombench.status})`;
  const reasons = loombench.reasons.map((reason) => `  ${reason}`);
  return [`${loombench.verdict}  ${name}${status}`, ...reasons].join('\n');
}

function described({ runs, loombench }: JsonReport): string {
  const { config, failedRuns, validRuns, durable } = loombench;
  const wanted = plural(config.runs, 'measured run');
  const failed = failedRuns.filter((run) => run.key.phase === 'measured').length;
  const totals = addCounts(runs.map((run) => run.loombench.windowCalls));
  const parts = [
    `${countText(totals.ok)} ok`,
    `${countText(totals.degraded)} degraded`,
    `${countText(totals.errors)} errors`,
    `${countText(totals.incomplete)} incomplete`,
  ];
  return [
    `target     ${targetText(config)}`,
    `requested  ${wanted} ${runLengthText(config)} after ${plural(config.warmupRuns, 'warm-up run')}; ${loadText(config)}`,
    `achieved   ${plural(runs.length, 'run')}, ${validRuns} valid${failed > 0 ? `, ${failed} failed` : ''}; ${plural(totals.issued, 'call')} measured: ${parts.join(', ')}`,
    ...(durable ? [] : ['durable    no: without Temporal a crash loses this benchmark']),
  ].join('\n');
}

export function targetText({ serverAddr, llm, llmConcurrencyLimit }: BenchmarkConfig): string {
  if (serverAddr !== '') return `${serverAddr} (its LLM settings are its own)`;
  const latency =
    llm.latencyDistribution === 'exponential'
      ? `Exp(mean ${durationText(llm.baseLatencyMs)})`
      : `${durationText(llm.baseLatencyMs)} + U(0, ${durationText(llm.jitterMs)})`;
  const errors =
    llm.errorRate === 0
      ? ''
      : `, ${numberText(llm.errorRate * 100, 1)} % LLM errors (${llm.errorMode})`;
  const limit = llmConcurrencyLimit === 0 ? "the server's default" : countText(llmConcurrencyLimit);
  return `embedded, LLM ${latency}${errors}, limit of LLM calls ${limit}`;
}

export function runLengthText({
  totalRequests,
  durationMs,
  perRunWarmupMs,
}: BenchmarkConfig): string {
  if (totalRequests > 0) {
    const cut = perRunWarmupMs === 0 ? '' : ' (the first 10 % cut)';
    return `of ${plural(totalRequests, 'call')}${cut}`;
  }
  const cut = perRunWarmupMs === 0 ? '' : ` (the first ${durationText(perRunWarmupMs)} cut)`;
  if (durationMs === 0) return 'of the schedule file';
  return `of ${durationText(durationMs)}${cut}`;
}

export function loadText(config: BenchmarkConfig): string {
  const method = config.useStreaming ? 'StreamWeave' : 'Weave';
  const session = config.sessionId === '' ? '' : ', one session';
  const agents = config.numAgents > 1 ? `, ${config.numAgents} agents in turn` : '';
  const load =
    config.arrival.kind === 'closed'
      ? `closed loop of ${plural(config.concurrency, 'worker')}`
      : openLoopText(config.arrival);
  return `${load}, ${method}${session}${agents}`;
}

function answers({ runs }: JsonReport): string {
  const byStatus = new Map<string, number>();
  const byError = new Map<string, number>();
  for (const { loombench } of runs) {
    for (const { status, count } of loombench.statusCounts) add(byStatus, status, count);
    for (const { status, message, count } of loombench.topErrors) {
      add(byError, `${status}: ${foreignText(message, 120)}`, count);
    }
  }
  const total = [...byStatus.values()].reduce((sum, count) => sum + count, 0);
  const statuses = mostFrequent(byStatus).map(
    ([status, count]) => `${status} ${countText(count)} (${share(count, total)})`,
  );
  const errors = mostFrequent(byError).slice(0, ERRORS_SHOWN);
  return [
    ...(statuses.length === 0 ? [] : [`status     ${statuses.join(', ')} of all calls`]),
    ...errors.map(([text, count]) => `error      ${countText(count)} × ${text}`),
  ].join('\n');
}

const ERRORS_SHOWN = 5;

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function mostFrequent(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
}

/** Never '100.0 %' or '0.0 %' for a share that is not whole or none. */
function share(count: number, total: number): string {
  const percent = (100 * count) / total;
  if (count > 0 && percent < 0.1) return '< 0.1 %';
  if (count < total && percent > 99.9) return '> 99.9 %';
  return `${numberText(percent, 1)} %`;
}

function interruptions({ runs, loombench }: JsonReport): string {
  const warmups = loombench.warmupRuns.map(({ index, attempt }) => ({
    name: `warm-up run ${index}`,
    attempt,
  }));
  const measured = runs.map((run) => ({
    name: `run ${run.run_number}`,
    attempt: run.loombench.attempt,
  }));
  const repeated = [...warmups, ...measured].filter(({ attempt }) => attempt.attempt > 1);
  const lines = repeated.map(({ name, attempt }) => {
    const reason = attempt.reason === null ? '' : `: ${foreignText(attempt.reason)}`;
    return `repeated   ${name} took ${attempt.attempt} attempts, ${durationText(attempt.lostMs)} lost${reason}`;
  });
  const failed = loombench.failedRuns.map((run) => {
    const name = `${run.key.phase === 'warmup' ? 'warm-up run' : 'run'} ${run.key.index}`;
    return `failed     ${name} after ${plural(run.attempts, 'attempt')}: ${foreignText(run.message)}`;
  });
  const stopped = runs
    .filter((run) => run.loombench.interrupted)
    .map((run) => `stopped    run ${run.run_number} before its end`);
  return [...lines, ...failed, ...stopped].join('\n');
}

/** Warnings of the benchmark, then those of runs, told once with the runs they hold for. */
function doubts({ runs, loombench }: JsonReport): string {
  const byCode = new Map<string, { message: string; runNumbers: number[] }>();
  for (const run of runs) {
    for (const { code, message } of run.loombench.warnings) {
      const entry = byCode.get(code) ?? { message, runNumbers: [] };
      entry.runNumbers.push(run.run_number);
      byCode.set(code, entry);
    }
  }
  const ofRuns = [...byCode].map(([code, { message, runNumbers }]) => {
    const where = `${runNumbers.length === 1 ? 'run' : 'runs'} ${runNumbers.join(', ')}`;
    return `warning    ${code} (${where}): ${foreignText(message)}`;
  });
  const whole = loombench.warnings.map(
    ({ code, message }) => `warning    ${code}: ${foreignText(message)}`,
  );
  return [...whole, ...ofRuns].join('\n');
}

function places({ reportPath, webUiUrl }: SummaryOptions): string {
  return [
    ...(reportPath === null ? [] : [`report     ${reportPath}`]),
    ...(webUiUrl === null ? [] : [`web UI     ${webUiUrl}`]),
  ].join('\n');
}

function addCounts(counts: readonly CallCounts[]): CallCounts {
  const sum = (key: keyof CallCounts): number =>
    counts.reduce((total, each) => total + each[key], 0);
  return {
    issued: sum('issued'),
    ok: sum('ok'),
    degraded: sum('degraded'),
    errors: sum('errors'),
    incomplete: sum('incomplete'),
  };
}
