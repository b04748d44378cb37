// One scenario, explained.

import type { Scenario, Settings } from '../contract/scenario.ts';
import { headlineWords, stopRuleText } from './suite-words.ts';
import { textTable } from './text-table.ts';

const RUNS: Readonly<Record<Scenario['runs'] | Scenario['warmupRuns'], string>> = {
  all: 'all that are asked for',
  half: 'half of those asked for, at least 1',
  one: 'one',
  none: 'none',
};

export function scenarioText(scenario: Scenario): string {
  const rows = [
    ['headline', headlineWords(scenario.headline)],
    ['settings', settingsText(scenario.settings)],
    ['runs', RUNS[scenario.runs]],
    ['warm-up runs', RUNS[scenario.warmupRuns]],
    ['stops early', stopRuleText(scenario.stop)],
  ];
  return [
    `${scenario.id}: ${scenario.title}`,
    '',
    scenario.purpose,
    '',
    ...rows.map(([name = '', text = '']) => `${name.padEnd(14)}${text}`),
    '',
    textTable(
      [
        { title: 'level', align: 'left' },
        { title: scenario.factor, align: 'right' },
        { title: 'settings', align: 'left' },
      ],
      scenario.levels.map(({ name, value, settings }) => [
        name,
        String(value),
        settingsText(settings),
      ]),
    ),
  ].join('\n');
}

function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
}
