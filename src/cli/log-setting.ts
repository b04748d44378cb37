// Logs are for finding faults: off unless asked for, on stderr, as JSON lines. The setting is a variable, because the
// processes that log are children.

import type { CliContext } from './context.ts';

const LOG_VARIABLE = 'LOOMBENCH_LOG';

export function enableLogs(context: CliContext, verbose: boolean): void {
  if (verbose && (context.env[LOG_VARIABLE] ?? '') === '') context.env[LOG_VARIABLE] = 'info';
}
