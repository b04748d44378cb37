// Words for runs and stages that both displays use.

import type { BenchmarkProgress, BenchmarkStage } from '../../contract/benchmark-state.ts';
import type { Phase, RunProgress } from '../../contract/run-plan.ts';
import type { FailedRun, RunSummary } from '../../contract/run-result.ts';
import { hostWaitText } from '../../contract/host-policy.ts';
import { waitingForTargetText } from '../../contract/target-lease.ts';
import type { LiveProgress } from '../../temporal/benchmark-client.ts';
import { countText, latencyText, rateText } from '../quantity-text.ts';

/** By our own signal, which acts between runs, or by the operator's pause of the whole workflow. */
export function isPaused(answer: LiveProgress | null): boolean {
  return answer?.state === 'paused' || answer?.progress?.stage.kind === 'paused';
}

export function runName(phase: Phase, index: number, of: number | null): string {
  const name = phase === 'warmup' ? 'warm-up run' : 'run';
  return of === null ? `${name} ${index}` : `${name} ${index} of ${of}`;
}

export function runCount(progress: BenchmarkProgress, phase: Phase): number {
  return phase === 'warmup' ? progress.warmupRuns : progress.runs;
}

/** Of all runs, listed or not. */
export function finishedCount({ finished, finishedCounts }: BenchmarkProgress): number {
  return finishedCounts === undefined
    ? finished.length
    : finishedCounts.warmup + finishedCounts.measured;
}

export function stageText(stage: BenchmarkStage): string {
  switch (stage.kind) {
    case 'preparing':
      return 'preparing';
    case 'running':
      return runName(stage.phase, stage.index, stage.of);
    case 'cooling-down':
      return 'cooling down';
    case 'paused':
      return 'paused';
    case 'waiting-for-space':
      return 'waiting for disk space';
    case 'waiting-for-target':
      return waitingForTargetText(stage);
    case 'waiting-for-host':
    case 'seeking-host':
      return hostWaitText(stage);
    case 'summarizing':
      return 'computing statistics';
    case 'writing-report':
      return 'writing the report';
    case 'done':
      return 'done';
  }
}

export function runStageText(stage: RunProgress['stage']): string {
  switch (stage) {
    case 'starting-target':
      return 'starting the target';
    case 'connecting':
      return 'connecting';
    case 'loading':
      return 'under load';
    case 'draining':
      return 'waiting for the last calls';
    case 'storing':
      return 'storing the result';
  }
}

/** What both displays tell of a finished run. */
type FinishedRun = Pick<
  RunSummary,
  'key' | 'attempt' | 'verdict' | 'calls' | 'throughputRps' | 'latencyP50Us' | 'latencyP99Us'
>;

export function finishedRunText(run: FinishedRun, of: number | null): string {
  const { calls, verdict } = run;
  const figures = [
    rateText(run.throughputRps),
    `p50 ${latencyText(run.latencyP50Us)}`,
    `p99 ${latencyText(run.latencyP99Us)}`,
  ];
  const facts = [
    // Its times and rates failed a check.
    ...(verdict === 'INVALID' ? ['INVALID'] : figures),
    countText(calls.issued, 'call'),
    countText(calls.errors, 'error'),
  ];
  if (calls.degraded > 0) facts.push(`${calls.degraded} degraded`);
  if (calls.incomplete > 0) facts.push(`${calls.incomplete} incomplete`);
  if (verdict === 'WARN') facts.push(verdict);
  if (run.attempt.attempt > 1) facts.push(`attempt ${run.attempt.attempt}`);
  return `${runName(run.key.phase, run.key.index, of)}: ${facts.join(', ')}`;
}

export function failedRunText(run: FailedRun, of: number | null): string {
  const attempts = run.attempts > 1 ? ` after ${run.attempts} attempts` : '';
  return `${runName(run.key.phase, run.key.index, of)} failed${attempts} (${run.code}): ${run.message}`;
}
