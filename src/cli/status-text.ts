// The state of one benchmark in words.

import type { BenchmarkDescription, LiveProgress } from '../temporal/benchmark-client.ts';
import { failedRunText, finishedRunText, runCount, stageText } from './progress/run-text.ts';

export interface BenchmarkStatus {
  readonly description: BenchmarkDescription;
  readonly live: LiveProgress;
  readonly webUiUrl: string | null;
}

export function statusText({ description, live, webUiUrl }: BenchmarkStatus): string {
  const { progress, pending } = live;
  return [
    `${description.benchmarkId}  ${description.state}${verdictText(description)}`,
    ...(description.summary === null ? [] : [description.summary]),
    `started  ${description.startedAtUtc}`,
    ...(description.closedAtUtc === null ? [] : [`ended    ${description.closedAtUtc}`]),
    ...(progress === null
      ? noProgress(description)
      : [
          `now      ${stageText(progress.stage)}`,
          ...progress.finished.map((run) =>
            finishedRunText(run, runCount(progress, run.key.phase)),
          ),
          ...progress.failed.map((run) => failedRunText(run, runCount(progress, run.key.phase))),
        ]),
    ...(pending === null || pending.attempt <= 1
      ? []
      : [
          `attempt  ${pending.attempt}${pending.lastFailure === null ? '' : `: ${pending.lastFailure}`}`,
        ]),
    ...(webUiUrl === null ? [] : [`Web UI   ${webUiUrl}`]),
  ].join('\n');
}

function verdictText({ verdict }: BenchmarkDescription): string {
  return verdict === null ? '' : `, ${verdict}`;
}

function noProgress({ state, benchmarkId }: BenchmarkDescription): string[] {
  return state === 'running' || state === 'paused'
    ? [`now      rests: no worker is up; go on with loombench attach ${benchmarkId}`]
    : [];
}
