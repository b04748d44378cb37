// A stored report in its other forms: the one that is asked for, or those that its configuration wants beside it.

import { writeTextAtomically } from '../runtime/atomic-file.ts';
import { besideReport, type ReportFormat } from '../contract/report-format.ts';
import { latencyDistributions } from '../harness/recording/stored-distributions.ts';
import { documentFormats, renderReport, wantedDocuments } from '../report/render-report.ts';
import type { StoredReport } from './stored-report.ts';

export function documentText(
  stored: StoredReport,
  format: ReportFormat,
  { showInvalid }: { readonly showInvalid: boolean },
): string {
  return renderReport(format, { ...sourceOf(stored, stored.path), showInvalid });
}

/** `reportPath` is where the report file is, or a copy of it. */
export async function writeDocuments(stored: StoredReport, reportPath: string): Promise<void> {
  for (const { format, text } of wantedDocuments(sourceOf(stored, null))) {
    await writeTextAtomically(besideReport(reportPath, format), text);
  }
}

export function documentPathsOf({ report }: StoredReport, reportPath: string): readonly string[] {
  return documentFormats(report).map((format) => besideReport(reportPath, format));
}

function sourceOf(
  { report, text }: StoredReport,
  reportPath: string | null,
): Parameters<typeof wantedDocuments>[0] {
  return { report, json: text, reportPath, distributionsOf: latencyDistributions };
}
