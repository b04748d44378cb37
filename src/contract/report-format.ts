// The forms in which a report can be shown or written. One list: options, commands and files follow it.

export const REPORT_FORMATS = ['text', 'markdown', 'csv', 'json', 'junit', 'prometheus'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
