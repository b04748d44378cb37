// The runs of a benchmark on one host, one after the other, each until it is measured or has failed for good.

import { proxyActivities, sleep } from '@temporalio/workflow';
import type { BenchmarkActivities, HostFacts } from '../activities/interface.ts';
import type { RunKey, RunPlan } from '../contract/run-plan.ts';
import { lightActivities, measureOptions } from './activity-options.ts';
import type { BenchmarkContext } from './benchmark-context.ts';
import { runFailure, workflowFailure } from './failures.ts';
import type { RunStep } from './run-agenda.ts';

/** 'host-away': the host's worker is gone for good, and another one may measure. */
export type MeasuringEnd = 'done' | 'host-away';

export async function measureRuns(
  context: BenchmarkContext,
  host: HostFacts,
): Promise<MeasuringEnd> {
  const { agenda, board, prepared } = context;
  let isFirst = true;
  for (let step = agenda.take(); step !== null; step = agenda.take()) {
    if (!isFirst && prepared.config.cooldownMs > 0) {
      board.enter({ kind: 'cooling-down' });
      await sleep(prepared.config.cooldownMs);
    }
    isFirst = false;
    await board.whilePaused();
    board.enter({ kind: 'running', ...step });
    if ((await measureOne(context, host, step)) === 'host-away') return 'host-away';
  }
  return 'done';
}

async function measureOne(
  context: BenchmarkContext,
  host: HostFacts,
  step: RunStep,
): Promise<MeasuringEnd> {
  const { board, prepared } = context;
  const key: RunKey = { ...context.key, phase: step.phase, index: step.index };
  const { measureRun } = proxyActivities<BenchmarkActivities>(
    measureOptions(host.hostTaskQueue, prepared.config, `${step.phase} ${step.index}/${step.of}`),
  );
  for (;;) {
    try {
      board.finished(await measureRun(planOf(context, key)));
      return 'done';
    } catch (error) {
      const failure = runFailure(error, key);
      if (failure.kind === 'cancelled') throw failure.error;
      if (failure.kind === 'host-away') {
        // The same host again: it was only busy or asleep, and what it measured stands.
        const next = await lightActivities.captureEnvironment(prepared.config);
        if (next.hostTaskQueue === host.hostTaskQueue) continue;
        return 'host-away';
      }
      if (failure.final && board.current.finished.length === 0) {
        throw workflowFailure(failure.run.code, failure.run.message);
      }
      board.failed(failure.run);
      return 'done';
    }
  }
}

function planOf({ prepared: { config } }: BenchmarkContext, key: RunKey): RunPlan {
  return { key, harness: config, collect: config.collect, perRunWarmupMs: config.perRunWarmupMs };
}
