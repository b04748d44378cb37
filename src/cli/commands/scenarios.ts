// `loombench scenarios [list|show NAME]`: the standard scenarios as data.

import type { Command } from '@commander-js/extra-typings';
import { nearestName } from '../../config/nearest-name.ts';
import { scenarioText } from '../../report/scenario-text.ts';
import { textTable } from '../../report/text-table.ts';
import { findScenario, SCENARIOS } from '../../scenarios/index.ts';
import { printResult, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { UsageError } from '../usage-error.ts';

export function scenariosCommand(context: CliContext): Command {
  const list = newCommand(context, 'list')
    .description('one line each')
    .option('--json', 'as JSON')
    .action((flags) => printResult(context, listed(flags.json === true)));
  const show = newCommand(context, 'show')
    .description('what one is for and what it sets')
    .argument('<name>', 'scenario')
    .option('--json', 'as JSON: a file to start a scenario of your own from')
    .action((name, flags) => printResult(context, shown(name, flags.json === true)));
  return newCommand(context, 'scenarios')
    .description('the standard scenarios')
    .addCommand(list, { isDefault: true }) // the flags' types are of no use here
    .addCommand(show);
}

function listed(json: boolean): string {
  if (json) return JSON.stringify(SCENARIOS);
  return textTable(
    [
      { title: 'scenario', align: 'left' },
      { title: 'levels', align: 'right' },
      { title: 'what it is', align: 'left' },
    ],
    SCENARIOS.map(({ id, levels, title }) => [id, String(levels.length), title]),
  );
}

function shown(name: string, json: boolean): string {
  const scenario = findScenario(name);
  if (scenario !== null) return json ? JSON.stringify(scenario, null, 2) : scenarioText(scenario);
  const near = nearestName(
    name,
    SCENARIOS.map(({ id }) => id),
  );
  throw new UsageError([
    {
      path: '',
      message: `there is no scenario '${name}'`,
      hint: near === null ? 'see loombench scenarios list' : `did you mean ${near}?`,
    },
  ]);
}
