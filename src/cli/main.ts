#!/usr/bin/env node
// The process behind the `loombench` command: arguments in, exit code out. What there is to do is in program.ts.

import { runCommandLine } from './run-command-line.ts';

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
});
// Whatever may still hold the event loop open has been asked to close.
process.exit();
