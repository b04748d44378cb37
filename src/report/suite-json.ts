// `index.json` of a suite: the report as it is, for machines.

import type { SuiteReport } from '../contract/suite.ts';

const SUITE_REPORT_VERSION = 1;

export function suiteJson(report: SuiteReport): string {
  return `${JSON.stringify({ version: SUITE_REPORT_VERSION, ...report }, null, 2)}\n`;
}
