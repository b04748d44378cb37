#!/usr/bin/env node
// The process behind the `loombench` command: arguments in, exit code out. What there is to do is in program.ts.

import { runCommandLine } from './run-command-line.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
});
// Whatever may still hold the event loop open has been asked to close.
process.exit();
