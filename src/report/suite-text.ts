// Suites on a terminal: the plan before the start, and the result.

import type { RunCost, SuiteOutcome, SuitePlan } from '../contract/suite.ts';
import { durationText, plural } from './number-text.ts';
import { headlineTable } from './suite-tables.ts';
import { textTable } from './text-table.ts';

export function suitePlanText(plan: SuitePlan): string {
  const { levels, request, scenarios, estimateMs } = plan;
  return [
    textTable(
      [
        { title: '#', align: 'right' },
        { title: 'scenario', align: 'left' },
        { title: 'level', align: 'left' },
        { title: 'warm-ups', align: 'right' },
        { title: 'runs', align: 'right' },
        { title: 'about', align: 'right' },
      ],
      levels.map(({ scenario, level, settings, estimateMs: levelMs }, index) => [
        String(index + 1),
        scenario,
        level,
        String(settings['warmupRuns']),
        String(settings['runs']),
        secondsText(levelMs),
      ]),
    ),
    '',
    [
      plural(scenarios.length, 'scenario'),
      plural(levels.length, 'level'),
      request.order === 'random' ? `order drawn from seed ${request.seed}` : 'rising order',
      ...(request.scale === 1 ? [] : [`a trial at scale ${request.scale}`]),
    ].join(', '),
    `About ${secondsText(estimateMs)} in all, if no level stops its scenario early.`,
    ...(plan.runCost === undefined ? [] : [costText(plan.runCost)]),
  ].join('\n');
}

const COST_FROM: Readonly<Record<RunCost['from'], string>> = {
  assumed: 'assumed, since no run was timed on this machine yet',
  measured: 'measured on this machine',
  learnt: 'as in suites on this machine',
};

function costText({ startUpMs, from }: RunCost): string {
  return `Of a run besides its load: ${(startUpMs / 1000).toFixed(2)} s, ${COST_FROM[from]}.`;
}

/** One line for the Web UI. */
export function suiteSummary({ scenarios, levels }: SuitePlan): string {
  return `suite · ${plural(scenarios.length, 'scenario')}, ${plural(levels.length, 'level')}`;
}

export function suiteOutcomeText(outcome: SuiteOutcome): string {
  const { headlines, measured, invalid, failed, skipped, files, verdict, reasons = [] } = outcome;
  const table = headlineTable(headlines);
  return [
    `suite ${outcome.suiteId}: ${verdict === undefined ? '' : `${verdict}, `}${plural(measured, 'level')} measured, ${skipped} skipped, ${invalid} invalid, ${failed} failed`,
    ...(outcome.capacity === undefined
      ? reasons.map((reason) => `- ${reason}`)
      : [outcome.capacity.text]),
    '',
    textTable(
      table.titles.map((title) => ({ title, align: 'left' })),
      table.rows,
    ),
    '',
    `report  ${files.html}`,
    `        ${files.markdown}`,
    `        ${files.json}`,
  ].join('\n');
}

function secondsText(ms: number): string {
  return durationText(Math.round(ms / 1000) * 1000);
}
