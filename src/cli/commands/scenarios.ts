// `loombench scenarios [list|show NAME]`: the standard scenarios as data.

import type { Command } from '@commander-js/extra-typings';
import { nearestName } from '../../config/nearest-name.ts';
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
    .description('the settings of one, as a config file')
    .argument('<name>', 'scenario')
    .action((name) => printResult(context, shown(name)));
  return newCommand(context, 'scenarios')
    .description('the standard scenarios')
    .addCommand(list, { isDefault: true }) // the flags' types are of no use here
    .addCommand(show);
}

function listed(json: boolean): string {
  return json
    ? JSON.stringify(SCENARIOS)
    : textTable(
        [
          { title: 'scenario', align: 'left' },
          { title: 'what it is', align: 'left' },
        ],
        SCENARIOS.map(({ id, title }) => [id, title]),
      );
}

/** JSON is YAML too, so this can be saved and edited as a config file of either kind. */
function shown(name: string): string {
  const scenario = findScenario(name);
  if (scenario !== null) return JSON.stringify(scenario.settings, null, 2);
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
