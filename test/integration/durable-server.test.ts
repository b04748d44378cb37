import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { inheritedNodeFlags, siblingModule } from '../../src/runtime/child-process.ts';
import { connectToTemporal, embeddedTemporal } from '../../src/temporal/connection.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { ensureEmbeddedServer } from '../../src/temporal/embedded-server.ts';
import { serverPaths, writeServerRecord } from '../../src/temporal/server-state.ts';
import { SEARCH_ATTRIBUTES } from '../../src/contract/search-attributes.ts';
import { isAlive } from '../support/own-children.ts';
import { scratchState, useTemporalCli } from '../support/temporal-fixture.ts';
import { waitFor } from '../support/wait-for.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };

describe('the embedded Temporal server', onLinux, () => {
  before(useTemporalCli);

  it('is started by the first of several who want it at once, shared by all, and ended after the last', async () => {
    const state = scratchState();
    const holds = await Promise.all([
      ensureEmbeddedServer(state.directory),
      ensureEmbeddedServer(state.directory),
      ensureEmbeddedServer(state.directory),
    ]);
    const [first, second, third] = holds;
    assert.equal(new Set(holds.map((hold) => hold.address)).size, 1);
    assert.match(first.address, /^127\.0\.0\.1:\d+$/);
    const record = await state.server();
    assert.equal(record.address, first.address);
    assert.ok(isAlive(record.temporalPid));
    const kept = (what: string): number =>
      state.processes().filter(({ command }) => command.includes(what)).length;
    // The loader of TypeScript may have put a compiler beside them, where it had not seen a file before.
    await waitFor('one keeper', () => kept('server-keeper-main') === 1);
    assert.equal(kept('start-dev'), 1);
    await first.close();
    await second.close();
    const fourth = await ensureEmbeddedServer(state.directory);
    assert.equal(fourth.reused, true);
    assert.equal((await state.server()).temporalPid, record.temporalPid);
    await third.close();
    await fourth.close();
    await waitFor('the server is gone', () => !isAlive(record.temporalPid), 20_000);
    await waitFor('its socket is gone', () => !existsSync(serverPaths(state.directory).socket));
    await state.removeWhenQuiet();
  });

  it('knows the search attributes of a benchmark when it is handed out', async () => {
    const state = scratchState();
    const hold = await ensureEmbeddedServer(state.directory);
    const connection = await connectToTemporal(embeddedTemporal(hold.address));
    const known = await connection.client.connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    for (const name of Object.keys(SEARCH_ATTRIBUTES)) assert.ok(name in known.customAttributes);
    await connection.close();
    await hold.close();
    await state.removeWhenQuiet();
  });

  it('ends when the process that holds it is killed without a word', async () => {
    const state = scratchState();
    const module = siblingModule(import.meta.url, '../../src/temporal/embedded-server');
    const script = `
      const { ensureEmbeddedServer } = await import(${JSON.stringify(module)});
      await ensureEmbeddedServer(${JSON.stringify(state.directory)});
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    const holder = spawn(
      process.execPath,
      [...inheritedNodeFlags(), '--input-type=module', '-e', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const { temporalPid } = await state.server();
    assert.ok(isAlive(temporalPid));
    holder.kill('SIGKILL');
    await state.removeWhenQuiet();
  });

  it('comes back on the same address with everything it knew when it, or its keeper, is killed', async () => {
    const state = scratchState();
    const hold = await ensureEmbeddedServer(state.directory);
    const connection = await connectToTemporal(embeddedTemporal(hold.address));
    const benchmarks = createBenchmarkClient(connection.client);
    await benchmarks.start({ benchmarkId: 'kept', raw: {} });

    for (const victim of ['temporalPid', 'keeperPid'] as const) {
      const killed = await state.server();
      process.kill(killed[victim], 'SIGKILL');
      const next = await waitFor('another server', async () => {
        const record = await state.server().catch(() => null);
        return record !== null && record.temporalPid !== killed.temporalPid && record;
      });
      assert.equal(next.address, hold.address);
      const found = await waitFor('the benchmark is known', () =>
        benchmarks.describe('kept').catch(() => null),
      );
      assert.equal(found.state, 'running');
      assert.ok(!isAlive(killed.temporalPid), 'never two servers on one database');
    }
    await connection.close();
    await hold.close();
    await state.removeWhenQuiet();
  });

  it('takes other ports when the usual ones, or those of a neighbour, are taken', async () => {
    const one = scratchState();
    const two = scratchState();
    const [first, second] = await Promise.all([
      ensureEmbeddedServer(one.directory),
      ensureEmbeddedServer(two.directory),
    ]);
    assert.notEqual(first.address, second.address);
    assert.notEqual(first.uiUrl, second.uiUrl);
    await first.close();
    await second.close();
    await one.removeWhenQuiet();
    await two.removeWhenQuiet();
  });

  it('never ends a stranger that was given the process id of an old server', async () => {
    const state = scratchState();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
      env: {},
    });
    await writeServerRecord(serverPaths(state.directory).record, {
      version: 1,
      address: '127.0.0.1:1',
      uiAddress: 'http://127.0.0.1:2',
      keeperPid: 1,
      temporalPid: stranger.pid ?? -1,
      temporalVersion: '',
      startedAtUtc: '',
    });
    const hold = await ensureEmbeddedServer(state.directory);
    assert.ok(isAlive(stranger.pid ?? -1));
    await hold.close();
    stranger.kill();
    await state.removeWhenQuiet();
  });

  it('says why it does not start, with its last words and where its log is', async () => {
    const state = scratchState();
    const fake = join(mkdtempSync(join(tmpdir(), 'loombench-fake-')), 'temporal');
    writeFileSync(
      fake,
      '#!/bin/sh\n[ "$1" = --version ] && { echo temporal version 0.0.1; exit 0; }\necho "the database is on fire" >&2\nexit 3\n',
    );
    chmodSync(fake, 0o755);
    await assert.rejects(
      ensureEmbeddedServer(state.directory, { env: { LOOMBENCH_TEMPORAL_CLI: fake } }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'temporal-start-failed');
        assert.match(error.message, /the database is on fire/);
        assert.match(error.message, /server\.log/);
        return true;
      },
    );
    rmSync(fake);
    await state.removeWhenQuiet();
  });
});
