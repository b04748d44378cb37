// What a report has to tell beside its metrics, gathered once from the stored file: every format words and marks it up in
// its own way, and none of them counts for itself.

import type { CallCounts } from '../contract/outcome.ts';
import type { JsonReport } from '../contract/report.ts';
import { runsText } from '../contract/runs-text.ts';
import { countText, durationText, foreignText, numberText, plural } from './number-text.ts';
import { loadText, runLengthText, targetText } from './load-text.ts';
import { isInvalid, type ShownReport } from './withheld-figures.ts';

/** A label and what is said under it, both plain text of one line. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** The scenario's name, or the benchmark's id where there is none. */
export function titleOf({ scenario, loombench }: JsonReport): string {
  return foreignText(scenario === '' ? loombench.benchmarkId : scenario);
}

/** '' for a benchmark that ran to its end, ' (cancelled)' and such else. */
export function statusSuffix({ loombench }: JsonReport): string {
  return loombench.status === 'completed' ? '' : ` (${loombench.status})`;
}

export function requestFacts({ runs, loombench }: JsonReport): readonly Fact[] {
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
    { label: 'target', text: targetText(config) },
    {
      label: 'requested',
      text: `${wanted} ${runLengthText(config)} after ${plural(config.warmupRuns, 'warm-up run')}; ${loadText(config)}`,
    },
    {
      label: 'achieved',
      text: `${plural(runs.length, 'run')}, ${validRuns} valid${failed > 0 ? `, ${failed} failed` : ''}; ${plural(totals.issued, 'call')} measured: ${parts.join(', ')}`,
    },
    ...floorFacts(runs),
    ...(durable
      ? []
      : [{ label: 'durable', text: 'no: without Temporal a crash loses this benchmark' }]),
  ];
}

/** What the tool itself takes on this machine, of each engine once. */
function floorFacts(runs: JsonReport['runs']): readonly Fact[] {
  const floors = runs.flatMap(({ loombench: { nullFloor } }) => nullFloor ?? []);
  const byEngine = new Map(floors.map((floor) => [floor.engine, floor]));
  return [...byEngine.values()].map(({ engine, p50Us, p99Us }) => ({
    label: 'floor',
    text: `a call of nothing takes ${countText(p50Us)} µs at p50, ${countText(p99Us)} µs at p99 on this machine (${engine})`,
  }));
}

export interface StatusTotal {
  readonly status: string;
  readonly count: number;
  /** Of all calls, in [0, 1]. */
  readonly share: number;
}

/** Of all calls of all runs, most frequent first. */
export function statusTotals({ runs }: JsonReport): readonly StatusTotal[] {
  const byStatus = new Map<string, number>();
  for (const { loombench } of runs) {
    for (const { status, count } of loombench.statusCounts) add(byStatus, status, count);
  }
  const total = [...byStatus.values()].reduce((sum, count) => sum + count, 0);
  return mostFrequent(byStatus).map(([status, count]) => ({
    status,
    count,
    share: count / total,
  }));
}

export interface ErrorTotal {
  /** 'UNAVAILABLE: connection refused' */
  readonly text: string;
  readonly count: number;
}

const ERROR_CHARACTERS_MAX = 120;

/** Most frequent first; texts are a server's, cut and without control characters, but escaped by nobody yet. */
export function errorTotals({ runs }: Pick<JsonReport, 'runs'>): readonly ErrorTotal[] {
  const byError = new Map<string, number>();
  for (const { loombench } of runs) {
    for (const { status, message, count } of loombench.topErrors) {
      add(byError, `${status}: ${foreignText(message, ERROR_CHARACTERS_MAX)}`, count);
    }
  }
  return mostFrequent(byError).map(([text, count]) => ({ text, count }));
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function mostFrequent(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
}

/** Never '100.0 %' or '0.0 %' for a share that is not whole or none. */
export function shareText(share: number): string {
  const percent = 100 * share;
  if (share > 0 && percent < 0.1) return '< 0.1 %';
  if (share < 1 && percent > 99.9) return '> 99.9 %';
  return `${numberText(percent, 1)} %`;
}

/** Repeated, failed and stopped runs, warm-up runs included. */
export function interruptionFacts({ runs, loombench }: JsonReport): readonly Fact[] {
  const warmups = loombench.warmupRuns.map(({ index, attempt }) => ({
    name: `warm-up run ${index}`,
    attempt,
  }));
  const measured = runs.map((run) => ({
    name: `run ${run.run_number}`,
    attempt: run.loombench.attempt,
  }));
  const repeated = [...warmups, ...measured].filter(({ attempt }) => attempt.attempt > 1);
  return [
    ...repeated.map(({ name, attempt }) => {
      const reason = attempt.reason === null ? '' : `: ${foreignText(attempt.reason)}`;
      const text = `${name} took ${attempt.attempt} attempts, ${durationText(attempt.lostMs)} lost${reason}`;
      return { label: 'repeated', text };
    }),
    ...loombench.failedRuns.map((run) => {
      const name = `${run.key.phase === 'warmup' ? 'warm-up run' : 'run'} ${run.key.index}`;
      const text = `${name} after ${plural(run.attempts, 'attempt')}: ${foreignText(run.message)}`;
      return { label: 'failed', text };
    }),
    ...runs
      .filter((run) => run.loombench.interrupted)
      .map((run) => ({ label: 'stopped', text: `run ${run.run_number} before its end` })),
  ];
}

export interface Doubt {
  readonly code: string;
  readonly message: string;
  /** Runs that it holds for; none: the benchmark as a whole. */
  readonly runNumbers: readonly number[];
}

/** What became of INVALID figures, warnings of the benchmark, then those of runs, told once with the runs they hold for. */
export function doubtsOf(report: ShownReport): readonly Doubt[] {
  const { runs, loombench } = report;
  const byCode = new Map<string, { message: string; runNumbers: number[] }>();
  for (const run of runs) {
    for (const { code, message } of run.loombench.warnings) {
      const entry = byCode.get(code) ?? { message: foreignText(message), runNumbers: [] };
      entry.runNumbers.push(run.run_number);
      byCode.set(code, entry);
    }
  }
  const whole = loombench.warnings.map(({ code, message }) => ({
    code,
    message: foreignText(message),
    runNumbers: [],
  }));
  return [
    ...invalidFigures(report),
    ...whole,
    ...[...byCode].map(([code, entry]) => ({ code, ...entry })),
  ];
}

function invalidFigures(report: ShownReport): readonly Doubt[] {
  const invalid = report.runs.filter(isInvalid);
  const ofAll = isInvalid(report) && report.loombench.validRuns > 0;
  if (invalid.length === 0 && !ofAll) return [];
  const what = [
    ...(invalid.length === 0 ? [] : ['times and rates of INVALID runs']),
    ...(ofAll ? ['figures over the runs'] : []),
  ].join(' and ');
  const isWithheld = report.withheld === true || invalid.some(({ withheld }) => withheld);
  return [
    {
      code: isWithheld ? 'figures-withheld' : 'invalid-figures',
      message: isWithheld
        ? `${what} are not shown, because they failed a check; report.json has them, and loombench report FILE --show-invalid shows them`
        : `${what} are shown as was asked for, although they failed a check: they prove nothing`,
      runNumbers: invalid.map(({ run_number }) => run_number),
    },
  ];
}

/** ' (runs 1, 3-5)'; '' for the benchmark as a whole. */
export function runsSuffix({ runNumbers }: Pick<Doubt, 'runNumbers'>): string {
  return runNumbers.length === 0 ? '' : ` (${runsText(runNumbers)})`;
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
