// Builds dist/: compiled modules and the workflow bundle (bundling takes seconds, so it is done once, here), of the
// workflows and of the processes that runs start.
// `--if-stale` does nothing when dist/ is newer than everything it is made from. Prints nothing on stdout.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');
const inputs = [
  'src',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'scripts/build.mjs',
  'scripts/bundle-workflows.mjs',
  'scripts/bundle-entries.mjs',
];

function newestMtimeMs(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(
    stats.mtimeMs,
    ...readdirSync(path).map((name) => newestMtimeMs(join(path, name))),
  );
}

function isFresh() {
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return inputs.every((input) => newestMtimeMs(join(root, input)) <= builtAt);
}

function run(script, ...args) {
  const result = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

if (process.argv.includes('--if-stale') && isFresh()) process.exit(0);
// The package as installed elsewhere has no sources: there is nothing to build.
if (!existsSync(join(root, 'src'))) process.exit(0);

const startedAt = new Date();
if (!process.argv.includes('--if-stale'))
  rmSync(join(root, 'dist'), { recursive: true, force: true });
mkdirSync(join(root, 'dist'), { recursive: true });
// Types are checked by `npm run typecheck`; to check them here, too, would be most of the wait of somebody who installs it.
run(
  createRequire(import.meta.url).resolve('typescript/lib/tsc.js'),
  ...['-p', 'tsconfig.build.json', '--noCheck'],
);
if (existsSync(join(root, 'src', 'workflows', 'index.ts')))
  run(join(root, 'scripts', 'bundle-workflows.mjs'));
run(join(root, 'scripts', 'bundle-entries.mjs'));
writeFileSync(stamp, `${startedAt.toISOString()}\n`);
