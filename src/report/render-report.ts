// One door to every format. A new one is a line here and in the contract's list; the compiler asks for both.

import type { JsonReport } from '../contract/report.ts';
import type { ReportFormat } from '../contract/report-format.ts';
import { csvText } from './csv.ts';
import { junitText } from './junit.ts';
import { markdownText } from './markdown.ts';
import { prometheusText } from './prometheus.ts';
import { summaryText } from './text.ts';

export interface StoredDocument {
  readonly report: JsonReport;
  /** The report file itself. */
  readonly json: string;
  /** Where that file is; null when the reader cannot use it. */
  readonly reportPath: string | null;
}

/** Ends with a line end. */
export function renderReport(format: ReportFormat, document: StoredDocument): string {
  const { report, json, reportPath } = document;
  switch (format) {
    case 'text':
      return summaryText(report, { reportPath, webUiUrl: null });
    case 'markdown':
      return markdownText(report);
    case 'csv':
      return csvText(report);
    case 'json':
      return json;
    case 'junit':
      return junitText(report);
    case 'prometheus':
      return prometheusText(report);
  }
}
