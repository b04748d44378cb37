// A suite's report as Markdown: headlines first, then every level with its figures or its reason.

import type { SuiteReport } from '../contract/suite.ts';
import {
  headlineTable,
  levelTable,
  remarksOf,
  suiteFacts,
  type SuiteTable,
} from './suite-tables.ts';

export function suiteMarkdown(report: SuiteReport): string {
  const scenarios = report.plan.scenarios.flatMap((scenario) => [
    '',
    `## ${inline(scenario.id)}`,
    '',
    inline(scenario.purpose),
    '',
    ...tableLines(levelTable(scenario, report.levels)),
    ...remarkLines(remarksOf(scenario, report.levels)),
  ]);
  return [
    `# Suite ${inline(report.suiteId)}`,
    '',
    ...suiteFacts(report).map((fact) => `- ${inline(fact)}`),
    '',
    '## Headlines',
    '',
    ...tableLines(headlineTable(report.headlines)),
    ...scenarios,
    '',
    '## Order of measuring',
    '',
    ...report.levels.map(
      ({ scenario, level, startedAtUtc, tookMs }, index) =>
        `${index + 1}. ${inline(`${scenario}/${level}`)}: ${startedAtUtc}, ${(tookMs / 1000).toFixed(1)} s`,
    ),
    '',
  ].join('\n');
}

function tableLines({ textColumns, titles, rows }: SuiteTable): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(inline).join(' | ')} |`;
  const rule = titles.map((_, index) =>
    index > 0 && index < titles.length - textColumns ? ' ---: |' : ' --- |',
  );
  return [line(titles), `|${rule.join('')}`, ...rows.map(line)];
}

function remarkLines(remarks: readonly string[]): string[] {
  if (remarks.length === 0) return [];
  return ['', 'Remarks:', '', ...remarks.map((remark) => `- ${inline(remark)}`)];
}

/** Text that may come from a server or a user's file, as one cell: no line breaks, nothing that Markdown or HTML would act on. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|]/g, (character) => `\\${character}`);
}
