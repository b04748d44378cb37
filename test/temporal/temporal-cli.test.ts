import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findTemporalCli } from '../../src/temporal/temporal-cli.ts';

describe('finding the Temporal CLI', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'loombench-cli-'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  function fakeCli(directory: string, version: string): string {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, 'temporal');
    writeFileSync(path, `#!/bin/sh\necho "temporal version ${version} (Server 1, UI 2)"\n`, {
      mode: 0o755,
    });
    return path;
  }

  function seal(path: string): void {
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    writeFileSync(`${path}.sha256`, `${sha256}\n`);
  }

  it('takes the one that is named, then the one on PATH, then the one in the cache', async () => {
    const named = fakeCli(join(root, 'named'), '3.0.0');
    const onPath = fakeCli(join(root, 'path'), '2.0.0');
    const state = join(root, 'state');
    const cached = fakeCli(join(state, 'bin'), '1.0.0');
    seal(cached);
    const path = ['/nonexistent', join(root, 'path'), '/bin'].join(':');
    assert.deepEqual(
      await findTemporalCli(state, { env: { LOOMBENCH_TEMPORAL_CLI: named, PATH: path } }),
      { path: named, version: '3.0.0', source: 'environment' },
    );
    assert.deepEqual(await findTemporalCli(state, { env: { PATH: path } }), {
      path: onPath,
      version: '2.0.0',
      source: 'path',
    });
    assert.deepEqual(await findTemporalCli(state, { env: { PATH: '' } }), {
      path: cached,
      version: '1.0.0',
      source: 'cache',
    });
  });

  it('passes over another program of that name', async () => {
    const directory = join(root, 'other');
    mkdirSync(directory);
    writeFileSync(join(directory, 'temporal'), '#!/bin/sh\necho "a clock"\n', { mode: 0o755 });
    await assert.rejects(
      findTemporalCli(join(root, 'empty'), { env: { PATH: directory }, fetch: false }),
      { code: 'temporal-cli-missing' },
    );
  });

  it('never runs a cached binary that is not the one that was put there', async () => {
    const state = join(root, 'tampered');
    const cached = fakeCli(join(state, 'bin'), '1.0.0');
    seal(cached);
    fakeCli(join(state, 'bin'), '6.6.6');
    await assert.rejects(findTemporalCli(state, { env: { PATH: '' }, fetch: false }), {
      code: 'temporal-cli-missing',
    });
  });

  it('lists every way to get it when there is none', async () => {
    await assert.rejects(
      findTemporalCli(join(root, 'none'), { env: { PATH: '' }, fetch: false }),
      (error: Error) => {
        for (const way of ['brew install', 'pip install', 'TEMPORAL_ADDRESS', 'PATH']) {
          assert.ok(error.message.includes(way), way);
        }
        return true;
      },
    );
  });

  it('says so when the one that is named does not run', async () => {
    await assert.rejects(
      findTemporalCli(root, { env: { LOOMBENCH_TEMPORAL_CLI: join(root, 'absent') } }),
      /LOOMBENCH_TEMPORAL_CLI names .*absent/,
    );
  });
});
