// A finished benchmark → `report.json`: Loom's schema name for name and type for type, plus the key `loombench`.

import type { BenchmarkReport } from '../contract/benchmark-report.ts';
import { discardedText } from '../contract/discarded-runs.ts';
import {
  BENCHMARK_VERSION,
  type JsonConfig,
  type JsonReport,
  type ReportExtension,
  type WarmupRun,
} from '../contract/report.ts';
import type { Warning } from '../contract/warning.ts';
import { jsonSafe } from './json-safe.ts';
import { publishedRole, runJson } from './run-json.ts';

/** Plain JSON: no NaN, no Infinity, no undefined; a figure that could not be computed is null and named in a warning. */
export function toJson(report: BenchmarkReport): JsonReport {
  const role = publishedRole(report.config);
  const { value } = jsonSafe<JsonReport>({
    benchmark_version: BENCHMARK_VERSION,
    loom_version: report.loomVersion,
    environment: report.environment.seed,
    scenario: report.config.scenarioName,
    config: configJson(report.config),
    warmup_runs: report.warmups.length,
    measured_runs: report.runs.length,
    runs: report.runs.map((run) => runJson(run, role)),
    aggregate: report.aggregate,
    loombench: extension(report),
  });
  const { lost } = jsonSafe(report);
  return lost.length === 0 ? value : withWarning(value, lostFiguresWarning(lost));
}

/** The file's text: indented, so that a diff of two reports can be read, but for a run's latencies, which are one line. */
export function reportText(report: BenchmarkReport): string {
  return [...reportPieces(report)].join('');
}

/** The same text, piece by piece: of five million latencies it is 35 MB. */
export function* reportPieces(report: BenchmarkReport): Generator<string> {
  const lists: (readonly number[])[] = [];
  const withoutLists = JSON.stringify(
    toJson(report),
    (key, value: unknown) =>
      key === 'latency_histogram' && Array.isArray(value) ? lists.push(value) - 1 : value,
    2,
  );
  // Quotes inside a text are escaped, so this can only be the key of a run, with the list's place as its value.
  const [first = '', ...others] = withoutLists.split(/(?<=^ {6}"latency_histogram": )\d+/m);
  yield first;
  for (const [index, piece] of others.entries()) {
    yield JSON.stringify(lists[index] ?? []);
    yield piece;
  }
  yield '\n';
}

/**
 * The mock LLM's settings act on the embedded target only. For a server given by address they are 0, as in Loom's own
 * remote reports: settings that were never in force must not stand there as if they had been.
 */
function configJson(config: BenchmarkReport['config']): JsonConfig {
  const isOurs = config.serverAddr === '';
  return {
    concurrency: config.concurrency,
    ...(config.totalRequests === 0 ? {} : { total_requests: config.totalRequests }),
    ...(config.durationMs === 0 ? {} : { duration_ms: Math.round(config.durationMs) }),
    llm_base_latency_ms: isOurs ? Math.round(config.llm.baseLatencyMs) : 0,
    llm_jitter_ms: isOurs ? Math.round(config.llm.jitterMs) : 0,
    llm_error_rate: isOurs ? config.llm.errorRate : 0,
    llm_concurrency_limit: isOurs ? config.llmConcurrencyLimit : 0,
    use_streaming: config.useStreaming,
    num_agents: config.numAgents,
  };
}

function extension(report: BenchmarkReport): ReportExtension {
  return {
    loombenchVersion: report.loombenchVersion,
    benchmarkId: report.benchmarkId,
    configHash: report.configHash,
    config: report.config,
    environment: report.environment.runtime,
    status: report.status,
    verdict: report.verdict,
    reasons: report.reasons,
    warnings: [...report.warnings, ...remoteWarnings(report), ...moveWarnings(report)],
    ...(report.thresholds === undefined ? {} : { thresholds: report.thresholds }),
    ...(report.precision === undefined ? {} : { precision: report.precision }),
    ...(report.statistics === undefined ? {} : { statistics: report.statistics }),
    validRuns: report.runs.filter((run) => run.measurement.verdict !== 'INVALID').length,
    failedRuns: report.failedRuns,
    ...(report.discarded === undefined ? {} : { discarded: report.discarded }),
    warmupRuns: report.warmups.map(warmupRun),
    errorRate: report.errorRate,
    durable: report.durable,
    startedAtUtc: report.startedAtUtc,
    finishedAtUtc: report.finishedAtUtc,
    lostMs: report.lostMs,
  };
}

function remoteWarnings({ config }: BenchmarkReport): readonly Warning[] {
  if (config.serverAddr === '') return [];
  const message = `the LLM settings of the server at ${config.serverAddr} are its own: llm_* in config are 0 because none of ours was in force`;
  return [{ code: 'remote-llm-settings', message }];
}

function moveWarnings({ discarded = [] }: BenchmarkReport): readonly Warning[] {
  return discarded.map((series) => ({
    code: 'host-lost',
    message: `all was measured anew on another host; in no figure is ${discardedText(series)}`,
  }));
}

function warmupRun(run: BenchmarkReport['warmups'][number]): WarmupRun {
  const { throughputRps, latency } = run.measurement;
  return {
    index: run.key.index,
    throughputRps,
    latencyP50Us: latency.p50Us,
    latencyP99Us: latency.p99Us,
    attempt: run.attempt,
  };
}

const PATHS_SHOWN = 5;

function lostFiguresWarning(lost: readonly string[]): Warning {
  const shown = lost.slice(0, PATHS_SHOWN).join(', ');
  const more = lost.length > PATHS_SHOWN ? ` and ${lost.length - PATHS_SHOWN} more` : '';
  const message = `${lost.length} figures had no finite value and are null: ${shown}${more}`;
  return { code: 'figure-not-finite', message };
}

function withWarning(report: JsonReport, warning: Warning): JsonReport {
  const warnings = [...report.loombench.warnings, warning];
  return { ...report, loombench: { ...report.loombench, warnings } };
}
