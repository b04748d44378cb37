// `run --local`: the same runs without Temporal, in this process's care. A crash loses them, and so it says.

import { join } from 'node:path';
import { writeTextAtomically } from '../runtime/atomic-file.ts';
import { EXIT_CODE } from '../contract/exit-code.ts';
import { benchmarkDirectoryName } from '../contract/ids.ts';
import { BenchmarkRunner } from '../harness/benchmark-runner.ts';
import { nullFloorIn } from '../harness/null-floor.ts';
import { reportPieces } from '../report/to-json.ts';
import type { CheckedConfig } from './config-input.ts';
import { deliverReport, type OutputWishes } from './conclude.ts';
import { acquireHostLock, hostLockName, type HeldLock } from '../runtime/host-lock.ts';
import { hostName } from '../runtime/host-name.ts';
import { say, type CliContext } from './context.ts';
import { exitCodeOfOutcome } from './exit-status.ts';
import { watchInterruption } from './interruption.ts';
import { LocalProgress } from './progress/local-progress.ts';
import { createProgressView } from './progress/terminal-view.ts';
import { writeDocuments } from './report-documents.ts';
import { usableStateDirectory } from './state-directory.ts';
import { readReportFile } from './stored-report.ts';

export interface LocalRun {
  readonly benchmarkId: string;
  readonly input: CheckedConfig;
  readonly wishes: OutputWishes;
}

/** Takes the place of Temporal's run id in the directory's name. */
const LOCAL_RUN_ID = 'local';

export async function runLocally(context: CliContext, run: LocalRun): Promise<void> {
  const { benchmarkId, input, wishes } = run;
  const interruption = watchInterruption();
  const view = createProgressView(context);
  const progress = new LocalProgress({ benchmarkId, config: input.config, view });
  const stateDirectory = await usableStateDirectory(context.env, context.cwd);
  const directory = join(
    stateDirectory,
    'artifacts',
    benchmarkDirectoryName({ workflowId: benchmarkId, firstExecutionRunId: LOCAL_RUN_ID }),
  );
  let lock: HeldLock | null = null;
  try {
    // As measured runs of workers do: two loads on one host would measure each other.
    lock = await acquireHostLock(hostLockName(context.env), interruption.signal, () =>
      view.note('Another run is being measured on this host; waiting for its end.'),
    );
    view.note(`Started benchmark ${benchmarkId} without Temporal: a crash loses it.`);
    const report = await new BenchmarkRunner(input.config, {
      benchmarkId,
      configHash: input.configHash,
      directory,
      host: hostName(context.env),
      nullFloor: nullFloorIn(stateDirectory, context.env),
      onProgress: (live) => progress.onProgress(live),
      onRunFinished: (finished) => progress.onRunFinished(finished),
    }).run(interruption.signal);
    view.close();
    const file = await writeTextAtomically(join(directory, 'report.json'), () =>
      reportPieces(report),
    );
    const stored = await readReportFile(file.path);
    await writeDocuments(stored, file.path);
    await deliverReport(context, {
      stored,
      wishes,
      webUiUrl: null,
    });
    if (report.status === 'interrupted')
      say(context, 'Interrupted: the report has what was finished.');
    context.exitWith(
      report.status === 'interrupted' ? EXIT_CODE.interrupted : exitCodeOfOutcome(report),
    );
  } catch (thrown) {
    // While it waited for the host.
    if (lock !== null || !interruption.signal.aborted) throw thrown;
    say(context, 'Interrupted before the first run.');
    context.exitWith(EXIT_CODE.interrupted);
  } finally {
    await lock?.release();
    view.close();
    interruption.dispose();
  }
}
