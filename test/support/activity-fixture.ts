// The activities with everything faked but the disk: each test replaces what it is about.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActivityCancellationDetails } from '@temporalio/common';
import type { ActivityDependencies } from '../../src/activities/dependencies.ts';
import type { ActivityContext } from '../../src/activities/run-watch.ts';
import { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { defaultBenchmarkConfig } from '../../src/config/defaults.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunKey, RunPlan } from '../../src/contract/run-plan.ts';
import { captureEnvironment } from '../../src/harness/environment.ts';
import { aMeasurement, aRunKey } from './stored-run.ts';

export interface ScratchStore {
  readonly store: ArtifactStore;
  readonly root: string;
  remove(): Promise<void>;
}

export async function scratchStore(): Promise<ScratchStore> {
  const root = await mkdtemp(join(tmpdir(), 'loombench-activities-'));
  return {
    root,
    store: new ArtifactStore(root),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

export function fakeDependencies(
  store: ArtifactStore,
  overrides: Partial<ActivityDependencies> = {},
): ActivityDependencies {
  const free = { release: () => Promise.resolve() };
  return {
    store,
    host: 'host-a',
    loombenchVersion: '0.0.0',
    heartbeatTimeoutMs: null,
    leases: {
      request: () => Promise.resolve(),
      ended: () => Promise.resolve([]),
      isHeld: () => Promise.resolve(true),
    },
    shutdown: new AbortController().signal,
    resolveConfig,
    captureEnvironment: ({ threads }) => captureEnvironment({ threads }),
    executeRun: () => Promise.resolve(aMeasurement()),
    summarizeBenchmark: () => {
      throw new Error('not part of this test');
    },
    readRawLatencies: () => Promise.resolve(null),
    formatReport: (report) => JSON.stringify(report),
    formatDocuments: () => [],
    registeredSearchAttributes: () => Promise.resolve([]),
    stillWanted: () => Promise.resolve(true),
    freeBytes: () => Promise.resolve(1e12),
    knownRunCost: () => Promise.resolve(null),
    keepRunCost: () => Promise.resolve(),
    memory: () => ({ totalBytes: 1e10, freeBytes: 1e10 }),
    notifyCommands: true,
    lockHost: () => Promise.resolve(free),
    ...overrides,
  };
}

export function aPlan(overrides: Partial<RunKey> = {}): RunPlan {
  const config = defaultBenchmarkConfig();
  return {
    key: aRunKey(overrides),
    harness: config,
    collect: config.collect,
    perRunWarmupMs: config.perRunWarmupMs,
  };
}

/** A Temporal activity context under the test's control. */
export class FakeContext implements ActivityContext {
  readonly beats: unknown[] = [];
  readonly info = { heartbeatTimeoutMs: 10_000 };
  readonly #cancel = new AbortController();
  cancellationDetails: ActivityCancellationDetails | undefined;

  get cancellationSignal(): AbortSignal {
    return this.#cancel.signal;
  }

  heartbeat(details?: unknown): void {
    this.beats.push(details);
  }

  cancel(why: ConstructorParameters<typeof ActivityCancellationDetails>[0]): void {
    this.cancellationDetails = new ActivityCancellationDetails(why);
    this.#cancel.abort();
  }
}
