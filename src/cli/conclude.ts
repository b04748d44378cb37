// The end of a watched benchmark: the result on stdout, the copy of the report where it was asked for, and the number.

import { writeTextAtomically } from '../runtime/atomic-file.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { summaryText } from '../report/text.ts';
import type { BenchmarkEnd } from '../temporal/benchmark-client.ts';
import { printResult, say, type CliContext } from './context.ts';
import { exitCodeOfEnd, explainEnd } from './exit-status.ts';
import { findingText } from './history/history-text.ts';
import { outcomeText } from './outcome-text.ts';
import type { OutputTarget } from './output-target.ts';
import { documentPathsOf, writeDocuments } from './report-documents.ts';
import { findStoredReport, type StoredReport } from './stored-report.ts';

export interface OutputWishes {
  readonly output: OutputTarget;
  /** Print the report itself instead of the summary. */
  readonly json: boolean;
}

export interface Conclusion {
  readonly benchmarkId: string;
  readonly end: BenchmarkEnd;
  readonly wishes: OutputWishes;
  readonly stateDirectory: string;
  readonly webUiUrl: string | null;
}

export async function conclude(context: CliContext, conclusion: Conclusion): Promise<void> {
  const { benchmarkId, end } = conclusion;
  const outcome = 'outcome' in end ? end.outcome : null;
  if (outcome !== null) await deliver(context, conclusion, outcome);
  if (outcome?.regression !== undefined) say(context, findingText(outcome.regression));
  const word = explainEnd(benchmarkId, end);
  if (word !== null) say(context, word);
  context.exitWith(exitCodeOfEnd(end));
}

async function deliver(
  context: CliContext,
  { wishes, stateDirectory, webUiUrl }: Conclusion,
  outcome: BenchmarkOutcome,
): Promise<void> {
  const stored = await findStoredReport(outcome, stateDirectory);
  if (stored === null) {
    say(context, `The report is on ${outcome.host} at ${outcome.report.path}.`);
    printResult(context, wantsJson(wishes) ? JSON.stringify(outcome) : outcomeText(outcome));
    return;
  }
  await deliverReport(context, { stored, wishes, webUiUrl });
}

export interface Delivery {
  readonly stored: StoredReport;
  readonly wishes: OutputWishes;
  readonly webUiUrl: string | null;
}

/** Also for a report that did not come out of a workflow. */
export async function deliverReport(
  context: CliContext,
  { stored, wishes, webUiUrl }: Delivery,
): Promise<void> {
  if (wishes.output.kind === 'file') {
    await writeTextAtomically(wishes.output.path, stored.text);
    await writeDocuments(stored, wishes.output.path);
  }
  if (wantsJson(wishes)) {
    printResult(context, stored.text);
    return;
  }
  const reportPath = wishes.output.kind === 'file' ? wishes.output.path : stored.path;
  const documentPaths = documentPathsOf(stored, reportPath);
  printResult(context, summaryText(stored.report, { reportPath, documentPaths, webUiUrl }));
}

function wantsJson({ output, json }: OutputWishes): boolean {
  return json || output.kind === 'stdout';
}
