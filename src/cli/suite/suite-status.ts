// Where a suite is, once, in words or as JSON.

import { suiteOutcomeText } from '../../report/suite-text.ts';
import type { BenchmarkDescription } from '../../temporal/benchmark-client.ts';
import { explainEnd } from '../exit-status.ts';
import type { Session } from '../session.ts';
import { blockLines, finishedLine } from './suite-view.ts';

export interface SuiteStatus {
  readonly session: Session;
  readonly description: BenchmarkDescription;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

export async function suiteStatus(status: SuiteStatus): Promise<string> {
  const { session, description, json, signal } = status;
  const { benchmarkId: suiteId, state } = description;
  const { progress } = await session.suites.progress(suiteId);
  const ended = state !== 'running' && state !== 'paused';
  const end = ended ? await session.suites.result(suiteId, signal) : null;
  if (json) return JSON.stringify({ ...description, progress, end });
  const lines = [`${suiteId}  ${state}`, ...(description.summary ?? '').split('\n')];
  if (end !== null) {
    const outcome = 'outcome' in end ? end.outcome : null;
    if (outcome !== null) lines.push(suiteOutcomeText(outcome));
    const word = explainEnd(suiteId, end);
    if (word !== null) lines.push(word);
  } else if (progress === null) {
    lines.push(`rests: no worker is up; go on with loombench attach ${suiteId}`);
  } else {
    lines.push(
      ...blockLines(suiteId, progress, null),
      ...progress.finished.map((result) => finishedLine(result, progress)),
    );
  }
  return lines.join('\n');
}
