// No container engine runs in the tests: what the files ask for must exist, and compose itself must be able to read them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { buildProgram } from '../../src/cli/program.ts';
import { SEARCH_ATTRIBUTES } from '../../src/contract/search-attributes.ts';
import { repositoryRoot as ROOT } from '../support/repository.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.looseObject({}).optional(),
});
const compose = z
  .looseObject({
    services: z.record(z.string(), service),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('docker-compose.yml'), { merge: true }));
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');
const packageJson = z
  .object({
    bin: z.object({ loombench: z.string() }),
    files: z.array(z.string()),
    scripts: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));

const program = buildProgram({
  stdout: { write: () => true },
  stderr: { write: () => true },
  env: {},
  cwd: ROOT,
  exitWith: () => undefined,
});

describe('docker-compose.yml', () => {
  it('has a database, Temporal with its schema and namespace, the Web UI, a worker and a target', () => {
    const names = services.map(([name]) => name);
    for (const name of [
      'postgresql',
      'temporal-schema',
      'temporal',
      'temporal-namespace',
      'temporal-ui',
      'worker',
      'target',
    ]) {
      assert.ok(names.includes(name), name);
    }
  });

  it('starts our image with commands and flags that the command line has', () => {
    const ours = services.filter(([, { image }]) => image === 'loombench');
    assert.deepEqual(ours.map(([name]) => name).sort(), ['target', 'worker']);
    for (const [name, { command = [] }] of ours) {
      const found = program.commands.find((one) => one.name() === command[0]);
      assert.ok(found, `${name}: no command ${command[0] ?? ''}`);
      for (const flag of command.filter((word) => word.startsWith('--'))) {
        assert.ok(
          found.options.some(({ long }) => long === flag),
          `${name}: no flag ${flag}`,
        );
      }
    }
  });

  it('pins every image that is not ours', () => {
    for (const [name, { image }] of services) {
      if (image === 'loombench') continue;
      assert.match(image, /:\$\{\w+:-\d[\w.]*\}$/, name);
    }
  });

  it('waits only for services that there are, and for health only where it is looked at', () => {
    for (const [name, { depends_on: awaited = {} }] of services) {
      for (const [other, { condition }] of Object.entries(awaited)) {
        const found = compose.services[other];
        assert.ok(found, `${name} waits for ${other}`);
        if (condition === 'service_healthy') assert.ok(found.healthcheck, other);
      }
    }
  });

  it('mounts files that are in the checkout, and volumes that are declared', () => {
    for (const [, { volumes = [] }] of services) {
      for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
        if (!source.startsWith('./')) {
          assert.ok(source in compose.volumes, source);
          continue;
        }
        assert.ok(existsSync(join(ROOT, source)), source);
      }
    }
  });

  it('is published on loopback only', () => {
    for (const port of services.flatMap(([, { ports = [] }]) => ports)) {
      assert.match(port, /^127\.0\.0\.1:/);
    }
  });

  it('registers exactly the search attributes that a benchmark sets', () => {
    const text = JSON.stringify(compose.services['temporal-namespace']?.command);
    const registered = [...text.matchAll(/(Benchmark\w+)=(\w+)/g)].map(([, name, type]) => [
      name,
      type,
    ]);
    assert.deepEqual(Object.fromEntries(registered), SEARCH_ATTRIBUTES);
  });

  const tool = ['docker-compose', 'docker compose'].find(
    (one) => spawnSync(`${one} version`, { shell: true }).status === 0,
  );
  const skip = tool === undefined ? 'docker-compose is not installed' : false;
  it('is read by compose itself', { skip }, () => {
    const read = spawnSync(`${tool ?? ''} -f docker-compose.yml config`, {
      shell: true,
      cwd: ROOT,
      encoding: 'utf8',
    });
    assert.equal(read.status, 0, read.stderr);
    assert.match(read.stdout, /loombench-worker/);
  });
});

describe('Dockerfile', () => {
  it('copies only what the checkout has or the build makes', () => {
    const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, sources = '']) =>
      sources.split(' ').filter((source) => !source.startsWith('--')),
    );
    assert.ok(copied.length > 8);
    for (const source of copied) {
      const path = source.replace('/app/', '');
      if (['node_modules', 'dist'].includes(path)) continue;
      assert.ok(existsSync(join(ROOT, path)), source);
    }
  });

  it('stays out of the package, which has no sources to build an image from', () => {
    assert.ok(!packageJson.files.includes('Dockerfile'));
    assert.ok(!packageJson.files.includes('docker-compose.yml'));
  });

  it('runs scripts that package.json has, and links the command that it declares', () => {
    for (const [, script = ''] of dockerfile.matchAll(/npm run (\w+)/g)) {
      assert.ok(script in packageJson.scripts, script);
    }
    assert.ok(dockerfile.includes(`/app/${packageJson.bin.loombench} `));
    const [, command = ''] = /^CMD \["(\w+)"\]$/m.exec(dockerfile) ?? [];
    assert.ok(
      program.commands.some((one) => one.name() === command),
      command,
    );
  });
});
