// The command line as a process: what is wrong with its input is said at once, all of it, before anything is started.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCli } from '../support/cli-process.ts';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'loombench-cli-'));
});
after(() => rm(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runCli(args, { cwd });

describe('a bad configuration', () => {
  it('is refused with every problem and the nearest names, and leaves no trace', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['run', '--concurency', '5', '--duration', 'x', '--runs', '0', '--llm-error-rate', '1.5'],
      ...['--rate', '0'],
    );
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /5 problems/);
    assert.match(stderr, /--concurency .*--concurrency/);
    assert.match(stderr, /--duration .*"x"/);
    assert.match(stderr, /--runs /);
    assert.match(stderr, /--llm-error-rate /);
    // Which of 'nothing at all' and 'no limit' it is to mean cannot be known.
    assert.match(stderr, /--rate .*'max', not 0 .*say 'max', to send as fast as answers come/);
    assert.deepEqual(await readdir(cwd), []);
  });

  it('in a file names both unknown keys, as the user wrote them', async () => {
    const file = join(cwd, 'bad.yaml');
    await writeFile(file, 'concurency: 5\nduratoin: 3s\n');
    const { exitCode, stderr } = await run('run', 'bad.yaml');
    await rm(file);
    assert.equal(exitCode, 2);
    assert.match(stderr, /concurency.*concurrency/);
    assert.match(stderr, /duratoin.*duration/);
  });

  it('in the environment is named by its variable', async () => {
    const env = { LOOMBENCH_CONCURRENCY: 'many', LOOMBENCH_DURATOIN: '3s' };
    const { exitCode, stderr } = await runCli(['run'], { cwd, env });
    assert.equal(exitCode, 2);
    assert.match(stderr, /LOOMBENCH_CONCURRENCY/);
    assert.match(stderr, /LOOMBENCH_DURATOIN.*LOOMBENCH_DURATION/);
  });

  it('of neither calls nor duration is refused', async () => {
    assert.equal((await run('run', '-n', '0', '-z', '0s')).exitCode, 2);
  });

  it('in a scenario file is named, and not that its scenario is not there', async () => {
    const file = join(cwd, 'bad-scenario.yaml');
    await writeFile(file, 'id: ours\ntitel: x\nlevels: []\n');
    const { exitCode, stderr } = await run(
      ...['suite', 'ours', '--scenario-file', 'bad-scenario.yaml', '--dry-run'],
    );
    await rm(file);
    assert.equal(exitCode, 2);
    assert.match(stderr, /titel/);
    assert.doesNotMatch(stderr, /no scenario/);
  });

  it('by an unknown scenario or a missing file is refused', async () => {
    const scenario = await run('run', 'qick');
    assert.equal(scenario.exitCode, 2);
    assert.match(scenario.stderr, /did you mean quick/);
    const file = await run('run', './none.yaml');
    assert.equal(file.exitCode, 2);
    assert.match(file.stderr, /none\.yaml/);
  });

  const MISSPELT = [
    ['run', 'qick', '--concurency', '5'],
    ['run', '--concurency', '5', 'qick'],
    ['run', '--concurency=5', 'qick'],
    ['run', '--detch', 'qick'],
    ['suite', 'qick', '--concurency', '5', '--dry-run'],
    ['suite', '--concurency', '5', 'qick', '--dry-run'],
    ['suite', '--dry-rn', 'qick'],
    ['schedule', 'create', 'nightly', 'qick', '--concurency', '5', '--at', '02:30'],
    ['schedule', 'create', '--concurency', '5', 'nightly', 'qick', '--at', '02:30'],
    ['schedule', 'create', 'nightly', '--pausd', 'qick', '--at', '02:30'],
    ['schedule', 'create', 'weekly', 'suite', 'qick', '--concurency', '5', '--at', '02:30'],
    ['schedule', 'create', 'weekly', '--concurency', '5', 'suite', 'qick', '--at', '02:30'],
    ['schedule', 'update', 'nightly', 'qick', '--concurency', '5'],
  ];
  for (const args of MISSPELT) {
    it(`by an unknown scenario and a misspelt flag names both: ${args.join(' ')}`, async () => {
      const { exitCode, stdout, stderr } = await run(...args);
      assert.equal(exitCode, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /because of 2 problems:/);
      assert.match(stderr, /'?"?qick"?'?.*did you mean quick\?/);
      assert.match(
        stderr,
        /--(concurency|detch|dry-rn|pausd).*did you mean --(concurrency|detach|dry-run|paused)\?/,
      );
      assert.deepEqual(await readdir(cwd), []);
    });
  }

  it('by a flag that is like none is not taken for more: the word after it may be its value', async () => {
    for (const args of [
      ['run', '--xyzzy', 'qick'],
      ['suite', '--xyzzy', 'qick', '--dry-run'],
      ['schedule', 'create', '--xyzzy', 'nightly', 'qick', '--at', '02:30'],
      ['schedule', 'update', 'nightly', '--xyzzy', 'suite', 'qick'],
    ]) {
      const { exitCode, stderr } = await run(...args);
      assert.equal(exitCode, 2);
      assert.match(stderr, /because of 1 problem:\n +--xyzzy is no flag of this command/);
    }
  });

  it('of a search names misspelt flags, wrong values and words that it does not take', async () => {
    const { exitCode, stderr } = await run(
      ...['capacity', 'quick', '--slo', 'latency_p99<nope', '--toleranc', '0.1'],
    );
    assert.equal(exitCode, 2);
    assert.match(stderr, /because of 3 problems:/);
    assert.match(stderr, /--toleranc .*did you mean --tolerance\?/);
    assert.match(stderr, /--slo.*nope/);
    assert.match(stderr, /'quick' is one argument too many/);
  });

  it('of a target names misspelt flags and words that it does not take', async () => {
    const { exitCode, stderr } = await run('target', 'quick', '--llm-bse-latency', '5ms');
    assert.equal(exitCode, 2);
    assert.match(stderr, /because of 2 problems:/);
    assert.match(stderr, /--llm-bse-latency .*did you mean --llm-base-latency\?/);
    assert.match(stderr, /'quick' is one argument too many/);
  });

  it('with an argument too many is refused', async () => {
    const { exitCode, stderr } = await run('run', 'quick', 'another');
    assert.equal(exitCode, 2);
    assert.match(stderr, /'another'/);
  });
});

it('refuses a schedule that cannot be replayed before anything is started', async () => {
  const cases = [
    ['0\nabc\n', /line 2: "abc" is not a time/],
    ['# none\n', /no times in the file/],
    [null, /bad-times\.txt cannot be read/],
  ] as const;
  for (const [text, message] of cases) {
    if (text !== null) await writeFile(join(cwd, 'bad-times.txt'), text);
    const { exitCode, stdout, stderr } = await run('run', '--local', '--replay', 'bad-times.txt');
    await rm(join(cwd, 'bad-times.txt'), { force: true });
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.deepEqual(await readdir(cwd), []);
  }
  const { exitCode, stderr } = await run('run', '--local', '--replay', '/dev/zero');
  assert.equal(exitCode, 2);
  assert.match(stderr, /\/dev\/zero is not a regular file/);
});

it('refuses an output that cannot be written before anything is started', async () => {
  const { exitCode, stderr } = await run('run', '--output-path', '/proc/none/report.json');
  assert.equal(exitCode, 2);
  assert.match(stderr, /cannot be written/);
  assert.deepEqual(await readdir(cwd), []);
});

describe('the parser', () => {
  it('prints help on stdout and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await run('run', '--help');
    assert.equal(exitCode, 0);
    assert.equal(stderr, '');
    for (const flag of [
      '-c, --concurrency',
      '-n, --total-requests',
      '-z, --duration',
      '-t, --request-timeout',
      '--no-collect-histogram',
      '-o, --output-path',
      '--id <id>',
    ]) {
      assert.ok(stdout.includes(flag), flag);
    }
  });

  it('suggests the nearest command and ends with 2', async () => {
    const { exitCode, stdout, stderr } = await run('rnu');
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /Did you mean run/);
  });

  it('refuses a flag without its value, a bad port, and a report format that does not exist', async () => {
    assert.equal((await run('run', '--duration')).exitCode, 2);
    assert.equal((await run('target', '--port', '99999')).exitCode, 2);
    const format = await run('report', 'x.json', '--format', 'htm');
    assert.equal(format.exitCode, 2);
    assert.match(format.stderr, /Allowed choices are text, markdown/);
  });
});

it('tells a file that is no report from one that is missing', async () => {
  const file = join(cwd, 'no-report.json');
  await writeFile(file, '{"runs": 3}');
  const foreign = await run('report', file);
  await rm(file);
  assert.equal(foreign.exitCode, 2);
  assert.match(foreign.stderr, /is not a report/);
  const missing = await run('report', 'none.json');
  assert.equal(missing.exitCode, 2);
  assert.match(missing.stderr, /No report can be read/);
});

describe('a schedule', () => {
  it('is checked when it is made, not when it fires: every problem of time and of benchmark at once', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['schedule', 'create', 'a b', '--every', '5x', '--overlap', 'all', '--rnus', '3'],
      ...['--concurrency', '0', '--output-path', 'x.json'],
    );
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /5 problems/);
    for (const said of [
      /'a b'/,
      /--rnus .*--runs/,
      /--every '5x'/,
      /--overlap 'all'/,
      /--concurrency/,
    ]) {
      assert.match(stderr, said);
    }
    assert.deepEqual(await readdir(cwd), []);
  });

  it('needs a time, and has no terminal to print to', async () => {
    const { exitCode, stderr } = await run('schedule', 'create', 'nightly', '--output-path', '-');
    assert.equal(exitCode, 2);
    assert.match(stderr, /when is it to fire\?/);
    assert.match(stderr, /--output-path .*no terminal/);
  });

  it('is not changed by a command that says nothing', async () => {
    const { exitCode, stderr } = await run('schedule', 'update', 'nightly');
    assert.equal(exitCode, 2);
    assert.match(stderr, /nothing to change/);
  });

  it('is not backfilled from the future to the past, or from no time at all', async () => {
    const from = ['schedule', 'backfill', 'nightly', '--from', '2026-03-02T00:00:00Z', '--to'];
    assert.equal((await run(...from, '2026-03-01T00:00:00Z')).exitCode, 2);
    assert.equal((await run(...from, 'yesterday')).exitCode, 2);
  });
});

it('removes no artifacts without a policy that makes sense', async () => {
  for (const [args, complaint] of [
    [[], /needs a policy: --keep-newest/],
    [['--delete', '--dry-run', '--keep-newest', '1'], /contradict each other/],
    [['--older-than', 'long'], /such as 36h or 90d/],
    [['--max-total-size', '5'], /such as 500MB/],
    [['--keep-newest', '-1'], /a whole number/],
  ] as const) {
    const { exitCode, stderr } = await run('artifacts', 'gc', ...args);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, complaint);
  }
});

it('loombench target neither offers nor takes what only a load generator has a use for', async () => {
  const help = await run('target', '--help');
  assert.match(help.stdout, /--llm-base-latency/);
  assert.doesNotMatch(help.stdout, /server-settings|concurrency <|duration <duration>/);
  const { exitCode, stderr } = await run('target', '--server-settings', 'checked');
  assert.equal(exitCode, 2);
  assert.match(stderr, /--server-settings is no flag of this command/);
});
