// Files and directories that are not there, not ours or not what they should be: a sentence and a next step, at once.

import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCli, temporaryDirectory } from '../support/cli-process.ts';

let cwd = '';
let remove: () => Promise<void>;
before(async () => {
  ({ directory: cwd, remove } = await temporaryDirectory());
  await writeFile(join(cwd, 'file'), 'no report');
});
after(() => remove());

describe('a state directory that cannot be made', () => {
  const commands = [
    ['list'],
    ['run', 'quick'],
    ['run', 'quick', '--local'],
    ['run', 'quick', '--detach'],
    ['worker'],
    ['server'],
  ];
  for (const command of commands) {
    it(`is refused by \`${command.join(' ')}\` with the reason and the variable that names another`, async () => {
      for (const [home, reason] of [
        ['/proc/nope', /nothing can be made there/],
        [join(cwd, 'file', 'state'), /a part of its path is a file/],
      ] as const) {
        const { exitCode, stdout, stderr } = await runCli(command, {
          cwd,
          env: { LOOMBENCH_HOME: home },
        });
        assert.deepEqual([exitCode, stdout], [2, ''], stderr);
        assert.ok(stderr.includes(`The state directory ${home} cannot be used`), stderr);
        assert.match(stderr, reason);
        assert.match(stderr, /Set LOOMBENCH_HOME to a directory/);
      }
    });
  }
});

it('a history before the first benchmark is empty and no error', async () => {
  const { exitCode, stdout } = await runCli(['history', 'list'], { cwd });
  assert.equal(exitCode, 0);
  assert.match(stdout, /No reports in .*artifacts/);
});

it('a report that is not there, or is a directory, is named in words with where reports are', async () => {
  const missing = await runCli(['report', 'absent.json'], { cwd });
  assert.equal(missing.exitCode, 2);
  assert.match(missing.stderr, /absent\.json: there is no such file; .*history list/);
  const directory = await runCli(['compare', 'absent.json', '.'], { cwd });
  assert.equal(directory.exitCode, 2);
  assert.doesNotMatch(missing.stderr + directory.stderr, /ENOENT|EISDIR/);
});

describe('a directory in which nothing was measured yet', () => {
  let empty = '';
  before(async () => {
    empty = join(cwd, 'empty');
    await mkdir(empty);
  });

  it('is left as it is by `list`, which says that there are no benchmarks', async () => {
    const { exitCode, stdout, stderr } = await runCli(['list'], { cwd: empty });
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, /No benchmarks yet/);
    const json = await runCli(['list', '--json'], { cwd: empty });
    assert.deepEqual([json.exitCode, json.stdout], [0, '']);
    assert.deepEqual(await readdir(empty), []);
  });

  for (const command of [['status'], ['attach'], ['attach', '--no-worker']]) {
    it(`is left as it is by \`${command.join(' ')}\`, which knows no such benchmark`, async () => {
      const [name = '', ...flags] = command;
      const { exitCode, stderr } = await runCli([name, 'absent', ...flags], { cwd: empty });
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, /There is no benchmark absent/);
      assert.deepEqual(await readdir(empty), []);
    });
  }
});
