import assert from 'node:assert/strict';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { measureRun } from '../../src/activities/measure-run.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { acquireHostLock } from '../../src/runtime/host-lock.ts';
import {
  aPlan,
  fakeDependencies,
  FakeContext,
  scratchStore,
  type ScratchStore,
} from '../support/activity-fixture.ts';
import { aMeasurement, aStoredRun } from '../support/stored-run.ts';

describe('measureRun', () => {
  let scratch: ScratchStore;
  before(async () => {
    scratch = await scratchStore();
  });
  after(() => scratch.remove());

  /** A run that goes on until the test ends it, and stops when it is told to. */
  function controlledRun(): {
    readonly started: Promise<void>;
    readonly finish: () => void;
    readonly executeRun: (plan: unknown, hooks: { signal: AbortSignal }) => Promise<RunMeasurement>;
    readonly calls: () => number;
  } {
    let calls = 0;
    let begin = (): void => undefined;
    let finish = (): void => undefined;
    const started = new Promise<void>((resolve) => (begin = resolve));
    const over = new Promise<void>((resolve) => (finish = resolve));
    return {
      started,
      finish: () => finish(),
      calls: () => calls,
      executeRun: async (_plan, hooks) => {
        calls += 1;
        begin();
        await Promise.race([
          over,
          new Promise((_, reject) =>
            hooks.signal.addEventListener('abort', () => reject(new Error('killed'))),
          ),
        ]);
        return aMeasurement();
      },
    };
  }

  it('stores the run before it returns, and a retry after a lost acknowledgement measures nothing', async () => {
    let measured = 0;
    const deps = fakeDependencies(scratch.store, {
      executeRun: () => {
        measured += 1;
        return Promise.resolve(aMeasurement({ throughputRps: 100 + measured }));
      },
    });
    const plan = aPlan({ index: 1 });
    const first = await measureRun(deps, plan, new FakeContext());
    // Also while the host is taken: what is stored needs it no more.
    const taken = { ...deps, lockHost: () => Promise.reject(new Error('the host is taken')) };
    const second = await measureRun(taken, plan, new FakeContext());
    assert.deepEqual(second, first);
    assert.equal(measured, 1);
    assert.equal(first.throughputRps, 101);
    assert.deepEqual(first.attempt, { attempt: 1, lostMs: 0, reason: null });
  });

  it('measures again when the stored file was cut, and counts that as another attempt', async () => {
    const deps = fakeDependencies(scratch.store);
    const plan = aPlan({ index: 2 });
    const first = await measureRun(deps, plan, new FakeContext());
    truncateSync(first.file.path, first.file.bytes / 2);
    const second = await measureRun(deps, plan, new FakeContext());
    assert.equal(second.attempt.attempt, 2);
    assert.equal((await scratch.store.readRun(plan.key))?.run.attempt.attempt, 2);
  });

  it("does not take another host's run from a shared disk", async () => {
    const plan = aPlan({ index: 3 });
    await scratch.store.writeRun(aStoredRun({ key: plan.key, host: 'host-b' }));
    const summary = await measureRun(fakeDependencies(scratch.store), plan, new FakeContext());
    assert.equal(summary.host, 'host-a');
  });

  it('says in the failure which code it was, how many attempts there were, and stops after three failed ones', async () => {
    const deps = fakeDependencies(scratch.store, {
      executeRun: () =>
        Promise.reject(
          new BenchmarkError('generator-died', 'The generator was killed.', {
            details: { pid: 7 },
          }),
        ),
    });
    const plan = aPlan({ index: 4 });
    for (const attempt of [1, 2, 3]) {
      await assert.rejects(measureRun(deps, plan, new FakeContext()), (error) => {
        assert.ok(error instanceof ApplicationFailure);
        assert.equal(error.type, 'generator-died');
        assert.equal(error.message, 'The generator was killed.');
        assert.deepEqual(error.details, [{ attempts: attempt, pid: 7 }]);
        assert.equal(error.nonRetryable, attempt === 3);
        return true;
      });
    }
  });

  it('never retries what trying again cannot help', async () => {
    const deps = fakeDependencies(scratch.store, {
      executeRun: () => Promise.reject(new BenchmarkError('target-unreachable', 'Nobody answers.')),
    });
    await assert.rejects(measureRun(deps, aPlan({ index: 5 }), new FakeContext()), {
      type: 'target-unreachable',
      nonRetryable: true,
    });
  });

  it('keeps the reason of a failed attempt for the account of the one that succeeded', async () => {
    let fail = true;
    const deps = fakeDependencies(scratch.store, {
      executeRun: () => {
        if (!fail) return Promise.resolve(aMeasurement());
        fail = false;
        return Promise.reject(new BenchmarkError('target-died', 'The target was killed.'));
      },
    });
    const plan = aPlan({ index: 6 });
    await assert.rejects(measureRun(deps, plan, new FakeContext()));
    const { attempt } = await measureRun(deps, plan, new FakeContext());
    assert.equal(attempt.attempt, 2);
    assert.ok(attempt.lostMs >= 0);
    assert.equal(attempt.reason, 'attempt 1: target-died: The target was killed.');
    const onDisk = readFileSync(join(scratch.store.runDirectory(plan.key), 'run.json'), 'utf8');
    assert.match(onDisk, /target-died: The target was killed/);
  });

  it('stops the run when the benchmark is cancelled and reports a cancellation, not a failure', async () => {
    const run = controlledRun();
    const context = new FakeContext();
    const deps = fakeDependencies(scratch.store, { executeRun: run.executeRun });
    const plan = aPlan({ index: 7 });
    const measuring = measureRun(deps, plan, context);
    await run.started;
    context.cancel({ cancelRequested: true });
    await assert.rejects(measuring, CancelledFailure);
    assert.equal(await scratch.store.readRun(plan.key), null);
    assert.match((await scratch.store.attempts(plan.key))[0]?.endedBy ?? '', /cancelled/);
  });

  it('finishes a run whose attempt Temporal gave up while the server was away, so that nothing is measured twice', async () => {
    const run = controlledRun();
    const context = new FakeContext();
    const deps = fakeDependencies(scratch.store, { executeRun: run.executeRun });
    const plan = aPlan({ index: 8 });
    const measuring = measureRun(deps, plan, context);
    await run.started;
    context.cancel({ notFound: true });
    run.finish();
    await measuring;
    const retry = await measureRun(deps, plan, new FakeContext());
    assert.equal(run.calls(), 1);
    assert.equal(retry.attempt.attempt, 1);
  });

  it('stops a run that nobody waits for any more, such as after a termination', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const run = controlledRun();
    const context = new FakeContext();
    const deps = fakeDependencies(scratch.store, {
      executeRun: run.executeRun,
      stillWanted: () => Promise.resolve(false),
    });
    const measuring = measureRun(deps, aPlan({ index: 9 }), context);
    await run.started;
    context.cancel({ notFound: true });
    t.mock.timers.tick(3_000);
    await assert.rejects(measuring, CancelledFailure);
  });

  it('stops at once when the worker must end now', async () => {
    const run = controlledRun();
    const shutdown = new AbortController();
    const deps = fakeDependencies(scratch.store, {
      executeRun: run.executeRun,
      shutdown: shutdown.signal,
    });
    const measuring = measureRun(deps, aPlan({ index: 10 }), new FakeContext());
    await run.started;
    shutdown.abort();
    await assert.rejects(measuring, CancelledFailure);
  });

  it('beats each second with the latest progress, from before the load begins until the run is stored', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const run = controlledRun();
    const context = new FakeContext();
    let report: (completed: number) => void = () => undefined;
    const deps = fakeDependencies(scratch.store, {
      executeRun: (plan, hooks) => {
        report = (completed) =>
          hooks.onProgress({
            phase: plan.key.phase,
            index: plan.key.index,
            stage: 'loading',
            elapsedMs: 1,
            completed,
            errors: 0,
            inFlight: 1,
            recentRps: null,
            latencyP50Us: null,
            latencyP99Us: null,
            fraction: null,
          });
        return run.executeRun(plan, hooks);
      },
    });
    const measuring = measureRun(deps, aPlan({ index: 11 }), context);
    await run.started;
    t.mock.timers.tick(1_000);
    report(42);
    t.mock.timers.tick(2_000);
    run.finish();
    await measuring;
    const seen = context.beats.map((beat) => (beat as { completed: number }).completed);
    assert.deepEqual(seen, [0, 0, 42, 42]);
    t.mock.timers.tick(5_000);
    assert.equal(context.beats.length, 4, 'no beat after the end');
  });

  it('keeps two attempts of one run apart: the second waits for the host and takes the result of the first', async () => {
    const run = controlledRun();
    const lock = `loombench-test-measure-${process.pid}`;
    const deps = fakeDependencies(scratch.store, {
      executeRun: run.executeRun,
      lockHost: (signal) => acquireHostLock(lock, signal),
    });
    const plan = aPlan({ index: 12 });
    const zombie = measureRun(deps, plan, new FakeContext());
    await run.started;
    const retry = measureRun(deps, plan, new FakeContext());
    run.finish();
    assert.deepEqual(await retry, await zombie);
    assert.equal(run.calls(), 1);
  });

  it('does not begin on a disk without room, names the place, and is measured when there is room', async () => {
    let free = 1024;
    const deps = fakeDependencies(scratch.store, { freeBytes: () => Promise.resolve(free) });
    const plan = aPlan({ index: 41 });
    for (let tries = 0; tries < 4; tries += 1) {
      await assert.rejects(measureRun(deps, plan, new FakeContext()), (error) => {
        assert.ok(error instanceof ApplicationFailure);
        assert.equal(error.type, 'disk-full');
        // However often: it is tried until there is room.
        assert.equal(error.nonRetryable, false);
        assert.ok(error.message.includes(scratch.root));
        return true;
      });
    }
    free = 1e12;
    const run = await measureRun(deps, plan, new FakeContext());
    assert.equal(run.attempt.attempt, 1);
  });

  it('stops a run whose disk fills up meanwhile, and does not count that against it', async () => {
    let free = 1e12;
    const run = controlledRun();
    const deps = fakeDependencies(scratch.store, {
      freeBytes: () => Promise.resolve(free),
      executeRun: run.executeRun,
    });
    const plan = aPlan({ index: 42 });
    const measuring = measureRun(deps, plan, new FakeContext());
    await run.started;
    free = 1024;
    await assert.rejects(measuring, (error) => {
      assert.ok(error instanceof ApplicationFailure);
      assert.equal(error.type, 'disk-full');
      return true;
    });
    const [first] = await scratch.store.attempts(plan.key);
    assert.match(first?.endedBy ?? '', /^disk-full: /);
  });

  it('stops a run that eats up the memory of the machine, for good, and says what was left', async () => {
    let freeBytes = 3e9;
    const run = controlledRun();
    const deps = fakeDependencies(scratch.store, {
      memory: () => ({ totalBytes: 4e9, freeBytes }),
      executeRun: run.executeRun,
    });
    const measuring = measureRun(deps, aPlan({ index: 60 }), new FakeContext());
    await run.started;
    freeBytes = 150 * 2 ** 20;
    await assert.rejects(measuring, (error) => {
      assert.ok(error instanceof ApplicationFailure);
      assert.equal(error.type, 'memory-low');
      assert.equal(error.nonRetryable, true);
      assert.match(error.message, /when 150 MiB of .* were left, of 2861 MiB when it began/);
      return true;
    });
  });

  it('lets a run go on whose machine was short of memory before it, or whose target is elsewhere', async () => {
    for (const [index, serverAddr, freeBefore] of [
      [61, '', 1e6],
      [62, 'loom.test:60051', 3e9],
    ] as const) {
      let freeBytes: number = freeBefore;
      let looks = 0;
      const run = controlledRun();
      const deps = fakeDependencies(scratch.store, {
        memory: () => {
          looks += 1;
          return { totalBytes: 4e9, freeBytes };
        },
        executeRun: run.executeRun,
      });
      const plan = aPlan({ index });
      const measuring = measureRun(
        deps,
        { ...plan, harness: { ...plan.harness, serverAddr } },
        new FakeContext(),
      );
      await run.started;
      freeBytes = 1000;
      run.finish();
      await measuring;
      // Nobody looks again, so that nothing can stop it.
      assert.equal(looks, serverAddr === '' ? 1 : 0);
    }
  });

  it('refuses the result of a run in whose midst the worker stood still for so long that it is held for lost', async (t) => {
    let nowMs = 0;
    t.mock.method(performance, 'now', () => nowMs);
    const plan = aPlan({ index: 44 });
    const stoodStill = fakeDependencies(scratch.store, {
      executeRun: () => {
        nowMs += 20_000;
        return Promise.resolve(aMeasurement());
      },
    });
    for (let tries = 0; tries < 4; tries += 1) {
      await assert.rejects(measureRun(stoodStill, plan, new FakeContext()), (error) => {
        assert.ok(error instanceof ApplicationFailure);
        assert.equal(error.type, 'run-superseded');
        assert.match(error.message, /stood still for 20\.0 s/);
        // However often: it is no fault of the run.
        assert.equal(error.nonRetryable, false);
        return true;
      });
    }
    assert.equal(await scratch.store.readRun(plan.key), null);
    const retry = await measureRun(fakeDependencies(scratch.store), plan, new FakeContext());
    assert.equal(retry.attempt.attempt, 5);
    assert.match(retry.attempt.reason ?? '', /stood still/);
  });

  it('asks for a load that ends well before Temporal holds its attempt for lost', async () => {
    let fenceMs: number | undefined;
    const deps = fakeDependencies(scratch.store, {
      executeRun: (_plan, hooks) => {
        ({ fenceMs } = hooks);
        return Promise.resolve(aMeasurement());
      },
    });
    await measureRun(deps, aPlan({ index: 45 }), new FakeContext());
    // A beat may be a second old when the worker stops, and the next attempt begins at the timeout of 10 s.
    assert.equal(fenceMs, 6_000);
  });

  it('does not load a target whose lease it has lost, and counts no attempt', async () => {
    const asked: unknown[] = [];
    const deps = fakeDependencies(scratch.store, {
      leases: {
        request: () => Promise.resolve(),
        ended: () => Promise.resolve([]),
        isHeld: (leaseId) => {
          asked.push(leaseId);
          return Promise.resolve(false);
        },
      },
      executeRun: () => Promise.reject(new Error('it loads')),
    });
    const plan = { ...aPlan({ index: 46 }), leaseId: 'loombench-target:loom:60051' };
    await assert.rejects(measureRun(deps, plan, new FakeContext()), (error) => {
      assert.ok(error instanceof ApplicationFailure);
      assert.equal(error.type, 'lease-lost');
      assert.equal(error.nonRetryable, true);
      return true;
    });
    assert.deepEqual(asked, ['loombench-target:loom:60051']);
    assert.deepEqual(await scratch.store.attempts(plan.key), []);
  });

  it('refuses the late result of an attempt whose successor has begun, and keeps that of the successor', async () => {
    const plan = aPlan({ index: 43 });
    const stopped = controlledRun();
    const late = measureRun(
      fakeDependencies(scratch.store, { executeRun: stopped.executeRun }),
      plan,
      new FakeContext(),
    );
    await stopped.started;
    const successor = fakeDependencies(scratch.store, {
      executeRun: () => Promise.resolve(aMeasurement({ throughputRps: 222 })),
    });
    assert.equal((await measureRun(successor, plan, new FakeContext())).attempt.attempt, 2);
    stopped.finish();
    await assert.rejects(late, (error) => {
      assert.ok(error instanceof ApplicationFailure);
      assert.equal(error.type, 'run-superseded');
      return true;
    });
    const kept = await scratch.store.readRun(plan.key);
    assert.equal(kept?.run.measurement.throughputRps, 222);
    assert.equal(kept.run.attempt.attempt, 2);
  });
});
