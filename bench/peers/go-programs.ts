// The programs of this comparison that are written in Go: the servers, and the meter that says what a process cost.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export interface GoPrograms {
  readonly server: string;
  readonly meter: string;
}

const MODULE = fileURLToPath(new URL('./server', import.meta.url));

/** Builds them into `directory`. Throws an Error that says how to get Go, or what Go says. */
export function buildGoPrograms(directory: string): GoPrograms {
  const programs = { server: join(directory, 'server'), meter: join(directory, 'meter') };
  build('.', programs.server);
  build('./meter', programs.meter);
  return programs;
}

function build(packagePath: string, output: string): void {
  const built = spawnSync('go', ['build', '-o', output, packagePath], {
    cwd: MODULE,
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (built.error !== undefined) {
    throw new Error(
      'The servers of this comparison are built by the Go toolchain, 1.26 or newer: https://go.dev/dl/ (package golang). ' +
        `Starting \`go\` failed: ${built.error.message}`,
    );
  }
  if (built.status !== 0) throw new Error(`go build ${packagePath} failed:\n${built.stderr}`);
}
