// `run --local`: the same runs without Temporal. Nothing survives a crash, and it says so.

import { join } from 'node:path';
import { writeTextAtomically } from '../artifacts/atomic-file.ts';
import { EXIT_CODE } from '../contract/exit-code.ts';
import { benchmarkDirectoryName } from '../contract/ids.ts';
import type { StoredRun } from '../contract/run-result.ts';
import { BenchmarkRunner } from '../harness/benchmark-runner.ts';
import { reportText, toJson } from '../report/to-json.ts';
import { deliverReport, type OutputWishes } from './conclude.ts';
import type { CheckedConfig } from './config-input.ts';
import { say, type CliContext } from './context.ts';
import { exitCodeOfOutcome } from './exit-status.ts';
import { watchInterruption } from './interruption.ts';
import { failedRunText, finishedRunText } from './progress/run-text.ts';
import { stateDirectoryOf } from './state-directory.ts';

export interface LocalRun {
  readonly benchmarkId: string;
  readonly input: CheckedConfig;
  readonly wishes: OutputWishes;
}

export async function runLocally(context: CliContext, local: LocalRun): Promise<void> {
  const { benchmarkId, input, wishes } = local;
  say(context, `Benchmark ${benchmarkId} runs in this process: it is not durable.`);
  const directory = join(
    stateDirectoryOf(context.env, context.cwd),
    'artifacts',
    benchmarkDirectoryName({ workflowId: benchmarkId, firstExecutionRunId: 'local' }),
  );
  const { config, configHash } = input;
  const runner = new BenchmarkRunner(config, {
    benchmarkId,
    configHash,
    directory,
    onRunFinished: (run) => say(context, finishedLine(run, config)),
  });
  const interruption = watchInterruption();
  const report = await runner.run(interruption.signal).finally(() => interruption.dispose());
  for (const failed of report.failedRuns) say(context, failedRunText(failed, null));
  const text = reportText(report);
  const { path } = await writeTextAtomically(join(directory, 'report.json'), text);
  await deliverReport(context, {
    stored: { path, text, report: toJson(report) },
    wishes,
    webUiUrl: null,
  });
  if (report.status === 'interrupted') {
    say(context, 'Interrupted: the report holds the runs that had finished; it cannot be resumed.');
    context.exitWith(EXIT_CODE.interrupted);
    return;
  }
  const nothing = report.runs.length === 0;
  context.exitWith(
    nothing
      ? EXIT_CODE.benchmarkFailed
      : exitCodeOfOutcome({ status: report.status, verdict: report.verdict }),
  );
}

function finishedLine(run: StoredRun, config: CheckedConfig['config']): string {
  const { measurement, key, attempt } = run;
  const of = key.phase === 'warmup' ? config.warmupRuns : config.runs;
  const { verdict, calls, throughputRps, latency } = measurement;
  return finishedRunText(
    {
      key,
      attempt,
      verdict,
      calls,
      throughputRps,
      latencyP50Us: latency.p50Us,
      latencyP99Us: latency.p99Us,
    },
    of,
  );
}
