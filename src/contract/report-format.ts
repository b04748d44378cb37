// The forms in which a report can be shown or written. One list: options, commands and files follow it.

export const REPORT_FORMATS = [
  'text',
  'markdown',
  'html',
  'csv',
  'json',
  'junit',
  'prometheus',
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const FILE_SUFFIXES = {
  text: '.txt',
  markdown: '.md',
  html: '.html',
  csv: '.csv',
  json: '.json',
  junit: '.junit.xml',
  prometheus: '.prom',
} as const satisfies Record<ReportFormat, string>;

/** 'out/mine.json', html → 'out/mine.html': beside the report, under its name. */
export function besideReport(reportPath: string, format: ReportFormat): string {
  return `${reportPath.replace(/\.json$/, '')}${FILE_SUFFIXES[format]}`;
}
