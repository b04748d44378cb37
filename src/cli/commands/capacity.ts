// `loombench capacity --slo …`: the highest rate that still meets a service level.

import type { Command } from '@commander-js/extra-typings';
import { DECIDED_BY_SEARCH } from '../../contract/capacity.ts';
import { addConfigFlags, configFlagsOf } from '../config-flags.ts';
import type { CliContext } from '../context.ts';
import { enableLogs } from '../log-setting.ts';
import { newCommand } from '../new-command.ts';
import { placedWords } from '../placed-words.ts';
import { UsageError } from '../usage-error.ts';

const EXAMPLES = `
Examples:
  loombench capacity --slo 'latency_p99<500ms,error_rate<1%'
  loombench capacity --slo 'latency_p99<2s' --server-addr loom.test:60051 --start-rate 50
The rate is doubled until the service level is missed, the gap is halved, and the rate found is confirmed by a fresh run.
The same command again goes on where it was interrupted. Exit code 3: no rate was confirmed.`;

/** Options that the search decides, or that mean nothing to it. */
const NOT_HERE: readonly string[] = [
  ...DECIDED_BY_SEARCH,
  'slo',
  'scenarioName',
  'outputPath',
  'runs',
  'warmupRuns',
  'serverSettings',
  'cooldown',
  'concurrency',
  'rampUp',
];

export function capacityCommand(context: CliContext): Command {
  const command = newCommand(context, 'capacity')
    .description('search the highest rate that meets a service level')
    .option('--slo <thresholds>', "what must hold, like 'latency_p99<500ms,error_rate<1%'")
    .option('--start-rate <rate>', 'calls per second to begin with (default: 10)')
    .option('--max-rate <rate>', 'calls per second never to exceed (default: 100000)')
    .option('--tolerance <share>', 'how close met and missed rates come (default: 0.05)')
    .option('--max-trials <count>', 'rates to try at most (default: 30)')
    .option('--trial-duration <duration>', 'of each trial (default: as its percentiles need)')
    .option(
      '--repeat-pause <duration>',
      'idle time before a spoilt trial is repeated, doubled each time (default: 10s)',
    )
    .option('--control-plane <url>', 'of the server at --server-addr, to set it with')
    .option('--trust-server', 'measure without checking that the server does as it was told')
    .option('--id <id>', 'name of the search; one that exists is joined')
    .option('--json', 'print the result as JSON')
    .option('--no-worker', 'leave the work to a worker that runs elsewhere')
    .option('--verbose', 'logs on standard error, as JSON lines')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', EXAMPLES);
  addConfigFlags(command, ({ key }) => !NOT_HERE.includes(key));
  command.action(async (flags) => {
    enableLogs(context, flags.verbose === true);
    const { words, unknown } = placedWords(command.args, command);
    const { readCapacityInput } = await import('../suite/capacity-input.ts');
    const input = readCapacityInput({
      slo: flags.slo,
      startRate: flags.startRate,
      maxRate: flags.maxRate,
      tolerance: flags.tolerance,
      maxTrials: flags.maxTrials,
      trialDuration: flags.trialDuration,
      repeatPause: flags.repeatPause,
      controlPlane: flags.controlPlane,
      trustServer: flags.trustServer === true,
      // Its --slo is of figures over all calls, the option of that name of single ones.
      flags: configFlagsOf({ ...flags, slo: undefined }),
      env: context.env,
      cwd: context.cwd,
    });
    const problems = [
      ...unknown,
      ...words.map((word) => ({ path: '', message: `'${word}' is one argument too many` })),
      ...(input.kind === 'invalid' ? input.problems : []),
    ];
    if (input.kind === 'invalid' || problems.length > 0) throw new UsageError(problems);
    const { startSequence } = await import('../suite/start-sequence.ts');
    const { capacityBoundMs } = await import('../../suite/capacity-plan.ts');
    const { request } = input.plan;
    await startSequence(context, flags, {
      kind: 'capacity',
      input,
      summary: `capacity · ${request.slo}`,
      boundMs: capacityBoundMs(request),
    });
  });
  return command;
}
