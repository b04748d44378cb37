import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { NotifyChannel, RegressionMessage } from '../../src/activities/interface.ts';
import { notify } from '../../src/activities/notify.ts';

const MESSAGE: RegressionMessage = {
  kind: 'loombench-regression',
  benchmarkId: '$(touch pwned); `touch pwned` "quoted"',
  verdict: 'REGRESSED',
  finding: {
    kind: 'regressed',
    against: 'series',
    seriesId: 'abc',
    results: 5,
    reasons: ['throughput is worse'],
    regressions: [],
  },
  markdown: '**REGRESSED**',
  report: '/somewhere/report.json',
  host: 'bench-1',
};

const ALLOWED = { notifyCommands: true, shutdown: new AbortController().signal };

const send = (channel: NotifyChannel, deps = ALLOWED): Promise<void> =>
  notify({ channel, message: MESSAGE }, deps);

async function failureOf(work: Promise<void>): Promise<ApplicationFailure> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert(error instanceof ApplicationFailure);
  return error;
}

describe('word of a regression to a web address', () => {
  let server: Server;
  let url = '';
  let status = 200;
  const bodies: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        bodies.push(`${request.method ?? ''} ${request.headers['content-type'] ?? ''} ${body}`);
        response.writeHead(status, { location: '/elsewhere' }).end('secret answer');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook/token`; // it listens on TCP
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  it('is the JSON in the body of a POST', async () => {
    await send({ kind: 'webhook', url });
    assert.deepEqual(bodies, [`POST application/json ${JSON.stringify(MESSAGE)}`]);
  });

  it('is sent again after a 503 and after nobody answered, but not after a 404 or a redirect elsewhere', async () => {
    status = 503;
    const busy = await failureOf(send({ kind: 'webhook', url }));
    assert.equal(busy.nonRetryable, false);
    status = 404;
    const absent = await failureOf(send({ kind: 'webhook', url }));
    assert.equal(absent.nonRetryable, true);
    assert.doesNotMatch(absent.message, /token/);
    status = 307;
    const before = bodies.length;
    await failureOf(send({ kind: 'webhook', url }));
    assert.equal(bodies.length, before + 1);
    const nobody = await failureOf(send({ kind: 'webhook', url: 'http://127.0.0.1:1/' }));
    assert.equal(nobody.nonRetryable, false);
  });
});

describe('word of a regression to a program', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'loombench-notify-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  async function program(source: string): Promise<string> {
    const path = join(directory, 'program.mjs');
    await writeFile(path, source);
    return `${process.execPath} ${path}`;
  }

  it('is the JSON on its standard input, and no shell reads any of it', async () => {
    const seen = join(directory, 'seen');
    const source = `import { readFileSync, writeFileSync } from 'node:fs';
      writeFileSync(process.argv[2], JSON.stringify({ input: readFileSync(0, 'utf8'), args: process.argv.slice(3) }));`;
    await send({
      kind: 'command',
      command: `${await program(source)} ${seen} ;touch ${seen}2 $(id)`,
    });
    const { input, args } = JSON.parse(readFileSync(seen, 'utf8')) as {
      input: string;
      args: string[];
    }; // written above
    assert.deepEqual(JSON.parse(input), MESSAGE);
    assert.deepEqual(args, [';touch', `${seen}2`, '$(id)']);
    assert.equal(existsSync(`${seen}2`), false);
  });

  it('is tried again, with what the program said, when it fails or cannot be found', async () => {
    const command = await program(`console.error('no network'); process.exit(3)`);
    const failed = await failureOf(send({ kind: 'command', command }));
    assert.match(failed.message, /ended with 3: no network/);
    assert.equal(failed.nonRetryable, false);
    const missing = await failureOf(send({ kind: 'command', command: '/nowhere/to/be/found' }));
    assert.match(missing.message, /could not be run/);
  });

  it('is refused for good on a worker that others may give benchmarks to', async () => {
    const refused = await failureOf(
      send({ kind: 'command', command: 'true' }, { ...ALLOWED, notifyCommands: false }),
    );
    assert.equal(refused.nonRetryable, true);
    assert.match(refused.message, /LOOMBENCH_NOTIFY_COMMANDS=on/);
  });
});
