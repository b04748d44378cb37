import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { sha256Of, storageError } from '../../src/runtime/atomic-file.ts';
import { inheritedNodeFlags, siblingModule } from '../../src/runtime/child-process.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import { aMeasurement, aRunKey, aStoredRun } from '../support/stored-run.ts';

describe('ArtifactStore', () => {
  let root: string;
  let store: ArtifactStore;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'loombench-artifacts-'));
    store = new ArtifactStore(root);
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('reads histograms with their exact figures, and those of earlier versions without', async () => {
    const earlier = { kind: 'service', outcome: 'ok', hdrV2Base64: 'HISTFA==' };
    const histograms = [earlier, { ...earlier, count: 3, minNs: 1, maxNs: 9, sumNs: 15 }];
    const run = {
      ...aStoredRun(),
      key: aRunKey({ index: 7 }),
      measurement: aMeasurement({ histograms }),
    };
    await store.writeRun(run);
    assert.deepEqual((await store.readRun(run.key))?.run.measurement.histograms, histograms);
  });

  it('reads back exactly the run that was written, with the checksum of the file', async () => {
    const run = aStoredRun();
    const file = await store.writeRun(run);
    const found = await store.readRun(run.key);
    assert.deepEqual(found?.run, run);
    assert.deepEqual(found.file, file);
    assert.equal(file.sha256, sha256Of(readFileSync(file.path)));
    assert.deepEqual(readdirSync(store.runDirectory(run.key)), ['run.json']);
    // Anything that reads JSON can read it.
    assert.ok(JSON.parse(readFileSync(file.path, 'utf8')));
  });

  it('has no run where none was written', async () => {
    assert.equal(await store.readRun(aRunKey({ index: 99 })), null);
    await assert.rejects(store.requireRun(aRunKey({ index: 99 })), { code: 'artifact-missing' });
  });

  it('never reads a file that was cut at any length, and moves it aside', async () => {
    const run = aStoredRun({ key: aRunKey({ index: 3 }) });
    const { path, bytes } = await store.writeRun(run);
    for (const kept of [0, 1, 60, Math.floor(bytes / 2), bytes - 2, bytes - 1]) {
      await store.writeRun(run);
      truncateSync(path, kept);
      assert.equal(await store.readRun(run.key), null, `cut to ${kept} of ${bytes} bytes`);
    }
    assert.ok(readdirSync(store.runDirectory(run.key)).includes('run.json.corrupt'));
  });

  it('never reads a file in which one digit was changed', async () => {
    const run = aStoredRun({ key: aRunKey({ index: 4 }) });
    const { path } = await store.writeRun(run);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('"throughputRps":10', '"throughputRps":11'),
    );
    assert.equal(await store.readRun(run.key), null);
  });

  it('does not take a whole file of another run for this one', async () => {
    const mine = aRunKey({ index: 5 });
    const other = await store.writeRun(aStoredRun({ key: aRunKey({ index: 6 }) }));
    mkdirSync(store.runDirectory(mine), { recursive: true });
    writeFileSync(join(store.runDirectory(mine), 'run.json'), readFileSync(other.path));
    assert.equal(await store.readRun(mine), null);
  });

  it('keeps the directories of similar ids apart', () => {
    const ids = ['a/b', 'a%2Fb', 'a.b', 'a b', '..', 'A/b'];
    const directories = ids.map((workflowId) => store.runDirectory(aRunKey({ workflowId })));
    assert.equal(new Set(directories).size, ids.length);
    for (const directory of directories) assert.ok(directory.startsWith(`${root}/`));
  });

  it('counts attempts, the time they lost, and why, over processes that were killed', async () => {
    const key = aRunKey({ index: 7 });
    const at = (second: number): { startedAt: Date; host: string } => ({
      startedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
      host: 'h',
    });
    assert.deepEqual(await store.beginAttempt(key, at(0)), { attempt: 1, lostMs: 0, reason: null });
    await store.endAttempt(key, 1, 'generator-died: killed by SIGKILL');
    const second = await store.beginAttempt(key, at(7));
    assert.equal(second.attempt, 2);
    assert.equal(second.lostMs, 7000);
    assert.match(second.reason ?? '', /^attempt 1: generator-died: killed by SIGKILL$/);
    const third = await store.beginAttempt(key, at(12));
    assert.equal(third.attempt, 3);
    assert.equal(third.lostMs, 12_000);
    assert.match(
      third.reason ?? '',
      /attempt 2: the process that measured it ended without a word/,
    );
  });

  it('never reports negative lost time when the wall clock was set back', async () => {
    const key = aRunKey({ index: 8 });
    await store.beginAttempt(key, { startedAt: new Date(10_000), host: 'h' });
    const second = await store.beginAttempt(key, { startedAt: new Date(5_000), host: 'h' });
    assert.equal(second.lostMs, 0);
  });

  it('keeps the journal bounded and its first attempt for ever', async () => {
    const key = aRunKey({ index: 9 });
    const many = Array.from({ length: 100 }, (_, index) => ({
      attempt: index + 1,
      startedAtUtc: new Date(index * 1000).toISOString(),
      host: 'h',
      endedBy: 'x',
    }));
    await store.writeText(join(store.runDirectory(key), 'attempts.json'), JSON.stringify(many));
    const account = await store.beginAttempt(key, { startedAt: new Date(200_000), host: 'h' });
    assert.equal(account.attempt, 101);
    assert.equal(account.lostMs, 200_000);
    const records = await store.attempts(key);
    assert.equal(records.length, 100);
    assert.equal(records[0]?.attempt, 1);
    assert.equal(records.at(-1)?.attempt, 101);
  });

  it('clears the temporary files of a killed writer when the next attempt begins', async () => {
    const key = aRunKey({ index: 10 });
    mkdirSync(store.runDirectory(key), { recursive: true });
    writeFileSync(join(store.runDirectory(key), '.run.json.abc.tmp'), 'half');
    await store.beginAttempt(key, { startedAt: new Date(), host: 'h' });
    assert.deepEqual(readdirSync(store.runDirectory(key)), ['attempts.json']);
  });

  it('leaves the old file or the new one whole when the writer is killed at any moment', async () => {
    const module = siblingModule(import.meta.url, '../../src/artifacts/artifact-store');
    const key = aRunKey({ index: 11 });
    const script = `
      const { ArtifactStore } = await import(${JSON.stringify(module)});
      const store = new ArtifactStore(${JSON.stringify(root)});
      const run = ${JSON.stringify(aStoredRun({ key }))};
      for (let n = 0; ; n += 1) {
        await store.writeRun({ ...run, host: String(n).repeat(200_000 / String(n).length) });
        if (n === 0) process.stdout.write('first\\n');
      }`;
    const child = spawn(
      process.execPath,
      [...inheritedNodeFlags(), '--input-type=module', '-e', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await new Promise((resolve) => child.stdout.once('data', resolve));
    for (let reads = 0; reads < 20; reads += 1) {
      assert.notEqual(await store.readRun(key), null);
    }
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    assert.notEqual(await store.readRun(key), null);
  });

  it('finds an unwritable output before anything is measured and leaves no trace of the probe', async () => {
    const deep = join(root, 'out', 'a', 'report.json');
    await store.requireWritable(deep);
    assert.deepEqual(readdirSync(join(root, 'out', 'a')), []);
    await assert.rejects(store.requireWritable(join(root, 'out')), (error) => {
      assert.ok(error instanceof BenchmarkError);
      assert.equal(error.code, 'output-unwritable');
      assert.match(error.message, /is a directory/);
      return true;
    });
    writeFileSync(join(root, 'file'), '');
    await assert.rejects(store.requireWritable(join(root, 'file', 'x.json')), {
      code: 'output-unwritable',
    });
    if (process.getuid?.() !== 0) {
      mkdirSync(join(root, 'locked'));
      chmodSync(join(root, 'locked'), 0o500);
      await assert.rejects(store.requireWritable(join(root, 'locked', 'x.json')), {
        code: 'output-unwritable',
      });
    }
  });

  it('names a full disk as such', () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    assert.equal(storageError(full, '/x').code, 'disk-full');
    const denied = Object.assign(new Error('permission denied'), { code: 'EACCES' });
    assert.equal(storageError(denied, '/x').code, 'output-unwritable');
  });
});
