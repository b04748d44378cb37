// Runs the tests: `test.mjs [unit|integration|truth] [path fragment…]`. Node 20's --test takes no globs, so files are listed here.
// Most integration files start servers and wait for conditions, each with ports, directories and a host lock of its own, and
// spend much of their time waiting, so that three of them run side by side. Those that hold measured figures against each other
// run last, two at a time: they bear a busy machine, but the less else it does, the sooner their figures agree. The experiments of
// `truth` (`*.truth.ts`) take minutes of an idle machine and run only when named.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILED, compileTests } from './compile-tests.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [first, ...more] = process.argv.slice(2);
const shelf = ['unit', 'integration', 'truth'].includes(first) ? first : 'all';
const fragments = shelf === 'all' && first !== undefined ? [first, ...more] : more;

const ending = shelf === 'truth' ? '.truth.ts' : '.test.ts';
const files = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
  .filter((file) => fragments.every((fragment) => file.includes(fragment)))
  .sort();
const measures = (file) =>
  /(compare|scenario-figures|suite-remote-target|target-answers|timed-run)\.test\.ts$/.test(file);
const isIntegration = (file) => /^test\/(integration|e2e)\//.test(file.replaceAll('\\', '/'));

/** A test that waits for what never comes fails, also where nothing in it bounds its wait. */
const HANGS_AFTER_MS = 480_000;

function run(list, concurrency) {
  if (list.length === 0) return 0;
  const args = [
    '--test',
    ...(shelf === 'truth' ? [] : [`--test-timeout=${HANGS_AFTER_MS}`]),
    `--test-concurrency=${concurrency}`,
    '--test-reporter=spec',
    ...list.map((file) => join(COMPILED, file.replace(/\.ts$/, '.js'))),
  ];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

/** Each group with how many of its files run side by side. */
function groups() {
  if (shelf === 'truth') return [[files, 1]];
  const unit = files.filter((file) => !isIntegration(file));
  const integration = files.filter(isIntegration);
  return [
    [shelf === 'integration' ? [] : unit, 3],
    [shelf === 'unit' ? [] : integration.filter((file) => !measures(file)), 3],
    [shelf === 'unit' ? [] : integration.filter(measures), 2],
  ];
}

compileTests();
// All of them, also after one has failed.
const statuses = groups().map(([list, atOnce]) => run(list, atOnce));
process.exit(statuses.find((status) => status !== 0) ?? 0);
