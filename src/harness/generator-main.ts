// Entry of the generator process: one run, then the end. Talks to the worker over IPC and dies with it.

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BenchmarkError, toBenchmarkError } from '../contract/failure.ts';
import { progressWithoutCalls, type RunProgress } from '../contract/run-plan.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import { dieWithParent } from '../runtime/child-process.ts';
import { lowerHelperThreads } from '../runtime/helper-threads.ts';
import { createMonotonicClock } from '../runtime/monotonic-clock.ts';
import { assembleMeasurement } from './assemble-measurement.ts';
import { generateLoad, type LoadOutcome } from './generate-load.ts';
import type {
  FromGenerator,
  GeneratorPlan,
  TargetReport,
  ToGenerator,
} from './generator-protocol.ts';
import { LoadFence } from './load-fence.ts';
import { CALLS_FILE } from './load-share.ts';

dieWithParent();
// grpc-js captures a stack for every unary call; in this process, which makes millions, nobody reads it.
Error.stackTraceLimit = 0;
const interruption = new AbortController();
let heardSupervisor: () => void = () => undefined;
let giveTarget: (final: TargetReport | null) => void = () => undefined;

process.on('message', (received) => {
  // Only generator-process.ts talks on this channel.
  const message = received as ToGenerator;
  switch (message.kind) {
    case 'start':
      void runPlan(message.plan);
      return;
    case 'target':
      giveTarget(message.final);
      return;
    case 'interrupt':
      interruption.abort();
      return;
    case 'alive':
      heardSupervisor();
  }
});
void say({ kind: 'ready' });

async function runPlan(plan: GeneratorPlan): Promise<void> {
  try {
    // Before any thread of our own is started.
    await lowerHelperThreads();
    const outcome = await loadBehindFence(plan);
    const target = new Promise<TargetReport | null>((resolve) => (giveTarget = resolve));
    await say({ kind: 'loaded' });
    const final = await target;
    const clock = createMonotonicClock(plan.originNs);
    await say({
      kind: 'progress',
      progress: progressWithoutCalls(plan.key, 'storing', clock.nowNs() / 1e6),
    });
    const raw = await storeRaw(plan, outcome);
    const measurement = assembleMeasurement({ plan, outcome, target: final, raw });
    const recording = plan.wantsRecording ? outcome.recorded : null;
    await say({ kind: 'done', measurement, recording });
  } catch (thrown) {
    const { code, message, details } = toBenchmarkError(thrown, 'generator-failed');
    await say({ kind: 'failed', code, message, details });
  }
  await nextTurn();
  process.disconnect();
}

/** How often within the fence's limit it is looked at. */
const LOOKS = 8;

async function loadBehindFence(plan: GeneratorPlan): Promise<LoadOutcome> {
  const { fenceMs } = plan;
  const hooks = {
    signal: interruption.signal,
    onProgress: (progress: RunProgress) => void say({ kind: 'progress', progress }),
  };
  if (fenceMs === undefined) return generateLoad(plan, hooks);
  const clock = createMonotonicClock(plan.originNs);
  const fence = LoadFence.opened(fenceMs, clock.nowNs());
  heardSupervisor = () => fence.hear(clock.nowNs());
  const watch = setInterval(() => {
    if (!fence.admits(clock.nowNs())) void endSuperseded(fenceMs);
  }, fenceMs / LOOKS);
  const outcome = await generateLoad({ ...plan, fence: fence.plan }, hooks).finally(() =>
    clearInterval(watch),
  );
  if (fence.isClosed) await endSuperseded(fenceMs);
  return outcome;
}

/** Ends the process with all its connections; the supervisor reads why when it comes back. */
async function endSuperseded(fenceMs: number): Promise<never> {
  const { code, message, details } = new BenchmarkError(
    'run-superseded',
    `The supervisor of the run was not heard of for ${fenceMs / 1000} s, so the load was ended: ` +
      'by now the run may have been begun again elsewhere.',
  );
  await say({ kind: 'failed', code, message, details });
  process.exit(1);
}

async function storeRaw(plan: GeneratorPlan, outcome: LoadOutcome): Promise<RunMeasurement['raw']> {
  const { spools, recorded } = outcome;
  if (spools.length === 0) return null;
  // Loaded only now: it would cost every generator 20 MB while it measures.
  const { writeArrowFile } = await import('./recording/arrow-file.ts');
  const path = join(plan.directory, CALLS_FILE);
  return writeArrowFile({ path, spools, sawLlmOutput: recorded.sawLlmOutput });
}

/** Resolves when the worker's end of the channel has it. */
function say(message: FromGenerator): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}
