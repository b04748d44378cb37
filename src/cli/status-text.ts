// The state of one benchmark in words.

import type { BenchmarkProgress } from '../contract/benchmark-state.ts';
import { discardedText } from '../contract/discarded-runs.ts';
import type {
  BenchmarkDescription,
  BenchmarkEnd,
  LiveProgress,
} from '../temporal/benchmark-client.ts';
import { explainEnd } from './exit-status.ts';
import { outcomeText } from './outcome-text.ts';
import { failedRunText, finishedRunText, runCount, stageText } from './progress/run-text.ts';

export interface BenchmarkStatus {
  readonly description: BenchmarkDescription;
  readonly live: LiveProgress;
  /** Null while it goes on. */
  readonly end: BenchmarkEnd | null;
  readonly webUiUrl: string | null;
}

export function statusText({ description, live, end, webUiUrl }: BenchmarkStatus): string {
  const { progress, pending } = live;
  return [
    `${description.benchmarkId}  ${description.state}${verdictText(description)}`,
    ...(description.summary === null ? [] : [description.summary]),
    `started  ${description.startedAtUtc}`,
    ...(description.closedAtUtc === null ? [] : [`ended    ${description.closedAtUtc}`]),
    ...(end !== null
      ? endLines(description.benchmarkId, end)
      : progress === null
        ? noProgress(description)
        : [
            `now      ${stageText(progress.stage)}`,
            ...hostLines(progress),
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

function hostLines({ host = null, discarded = [] }: BenchmarkProgress): string[] {
  return [
    ...(host === null ? [] : [`host     ${host}`]),
    ...discarded.map((series) => `discarded ${discardedText(series)}`),
  ];
}

function endLines(benchmarkId: string, end: BenchmarkEnd): string[] {
  const outcome = 'outcome' in end ? end.outcome : null;
  return [
    ...(outcome === null ? [] : [outcomeText(outcome), `report   ${outcome.report.path}`]),
    ...[explainEnd(benchmarkId, end) ?? []].flat(),
  ];
}

function verdictText({ verdict }: BenchmarkDescription): string {
  return verdict === null ? '' : `, ${verdict}`;
}

function noProgress({ state, benchmarkId }: BenchmarkDescription): string[] {
  return state === 'running' || state === 'paused'
    ? [`now      rests: no worker is up; go on with loombench attach ${benchmarkId}`]
    : [];
}
