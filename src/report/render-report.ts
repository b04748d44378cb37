// One door to every format. A new one is a line here and in the contract's list; the compiler asks for both.

import type { LatencyDistributions } from '../contract/latency-distribution.ts';
import type { JsonReport } from '../contract/report.ts';
import type { ReportFormat } from '../contract/report-format.ts';
import { csvText } from './csv.ts';
import { htmlText } from './html/page.ts';
import { junitText } from './junit.ts';
import { markdownText } from './markdown.ts';
import { prometheusText } from './prometheus.ts';
import { summaryText } from './text.ts';
import { withoutInvalidFigures } from './withheld-figures.ts';

export interface ReportSource {
  readonly report: JsonReport;
  /** The report file itself. */
  readonly json: string;
  /** Where that file is; null when it need not be said. */
  readonly reportPath: string | null;
  /** Asked only by formats that draw them. */
  readonly distributionsOf: (report: JsonReport) => LatencyDistributions;
  /** Figures of what is INVALID, too. Absent: they are withheld, but for the file itself. */
  readonly showInvalid?: boolean;
}

export interface ReportDocument {
  readonly format: ReportFormat;
  readonly text: string;
}

/** What the benchmark's configuration wants beside the report file. */
export function wantedDocuments(source: ReportSource): readonly ReportDocument[] {
  return documentFormats(source.report).map((format) => ({
    format,
    text: renderReport(format, source),
  }));
}

/** The file itself is always there. */
export function documentFormats({ loombench }: JsonReport): readonly ReportFormat[] {
  return (loombench.config.reportFormats ?? []).filter((format) => format !== 'json');
}

/** Ends with a line end. */
export function renderReport(format: ReportFormat, source: ReportSource): string {
  const { json, reportPath, distributionsOf, showInvalid = false } = source;
  const report = showInvalid ? source.report : withoutInvalidFigures(source.report);
  switch (format) {
    case 'text':
      return summaryText(report, { reportPath, webUiUrl: null, showInvalid });
    case 'markdown':
      return markdownText(report);
    case 'html':
      return htmlText(report, distributionsOf(report));
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
