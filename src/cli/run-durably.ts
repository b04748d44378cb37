// `run` with Temporal: opens a session, starts the benchmark or joins the one of that id, and watches it.

import { benchmarkBoundMs, executionTimeoutMs } from '../contract/run-bound.ts';
import { planText } from '../report/plan-text.ts';
import type { StartedBenchmark } from '../temporal/benchmark-client.ts';
import type { CheckedConfig } from './config-input.ts';
import type { OutputWishes } from './conclude.ts';
import type { CliContext } from './context.ts';
import { inSession, type SessionPlace } from './in-session.ts';
import { watchToTheEnd } from './watch-session.ts';

export interface DurableRun {
  readonly benchmarkId: string;
  readonly input: CheckedConfig;
  readonly wishes: OutputWishes;
  readonly worker: boolean;
  readonly resumeArgs: readonly string[];
  /** Called once the benchmark is known to the server. */
  readonly onStarted: () => void;
}

export async function runDurably(context: CliContext, run: DurableRun): Promise<void> {
  await inSession(context, { worker: run.worker }, (place) => startAndWatch(place, run));
}

async function startAndWatch(place: SessionPlace, run: DurableRun): Promise<void> {
  const { benchmarkId, input } = run;
  const started = await place.session.client.start({
    benchmarkId,
    raw: run.worker ? input.raw : withoutOutputPath(input.raw),
    configHash: input.configHash,
    executionTimeoutMs: executionTimeoutMs(benchmarkBoundMs(input.config)),
    ...planText(input.config),
  });
  place.view.note(startText(started, place.session.webUiUrl(benchmarkId)));
  if (started.kind === 'attached' && started.sameConfig === false && input.explicit) {
    place.view.note(otherConfigText(benchmarkId));
  }
  run.onStarted();
  await watchToTheEnd(benchmarkId, {
    ...place,
    wishes: run.wishes,
    worker: run.worker,
    resumeArgs: run.resumeArgs,
  });
}

/** A worker elsewhere has other disks; the copy is then made here, at the end. */
function withoutOutputPath(
  raw: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => key !== 'outputPath'));
}

function startText(started: StartedBenchmark, webUiUrl: string | null): string {
  const verb = started.kind === 'started' ? 'Started' : 'Joined';
  const place = webUiUrl === null ? '' : `\nWeb UI: ${webUiUrl}`;
  return `${verb} benchmark ${started.benchmarkId}.${place}`;
}

function otherConfigText(benchmarkId: string): string {
  return (
    `Beware: ${benchmarkId} exists with another configuration, and that one counts. ` +
    'The settings of this command are not used; give another --id to measure them.'
  );
}
