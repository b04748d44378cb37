// A worker in the test's own process: real workflow, real server, real disk, and runs that last as long as the test wants.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { createActivities } from '../../src/activities/create-activities.ts';
import { createSuiteActivities } from '../../src/activities/suite/create-suite-activities.ts';
import type { BenchmarkActivities } from '../../src/activities/interface.ts';
import type { SuiteActivities } from '../../src/activities/suite/interface.ts';
import type { ActivityDependencies, RunHooks } from '../../src/activities/dependencies.ts';
import type { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { hostPresenceQueue, hostTaskQueue, MAIN_TASK_QUEUE } from '../../src/contract/ids.ts';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import {
  SEARCH_ATTRIBUTES,
  type SearchAttributeName,
} from '../../src/contract/search-attributes.ts';
import { summarizeBenchmark } from '../../src/statistics/aggregate.ts';
import { fakeDependencies } from './activity-fixture.ts';
import { aMeasurement } from './stored-run.ts';

/** Every run that was begun, in order, and what the next ones do. */
export class ScriptedRuns {
  readonly begun: string[] = [];
  readonly #scripts = new Map<string, (hooks: RunHooks) => Promise<RunMeasurement>>();

  readonly #otherwise: (hooks: RunHooks) => Promise<RunMeasurement>;

  /** What runs do that have no script of their own. */
  constructor(
    otherwise: (hooks: RunHooks) => Promise<RunMeasurement> = () => Promise.resolve(aMeasurement()),
  ) {
    this.#otherwise = otherwise;
  }

  /** What one run does, such as `script('b measured 2', …)`. */
  script(run: string, behaviour: (hooks: RunHooks) => Promise<RunMeasurement>): void {
    this.#scripts.set(run, behaviour);
  }

  readonly executeRun = async (plan: RunPlan, hooks: RunHooks): Promise<RunMeasurement> => {
    const { workflowId, phase, index } = plan.key;
    const name = `${workflowId} ${phase} ${index}`;
    this.begun.push(name);
    return (this.#scripts.get(name) ?? this.#otherwise)(hooks);
  };

  /** Names of the begun runs of one benchmark, without its id. */
  of(benchmarkId: string): string[] {
    return this.begun
      .filter((name) => name.startsWith(`${benchmarkId} `))
      .map((name) => name.slice(benchmarkId.length + 1));
  }
}

/** A behaviour that goes on until it is told to stop. */
export function untilStopped({ signal }: RunHooks): Promise<RunMeasurement> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
}

export interface FakeWorkerOptions {
  readonly address: string;
  /** The default one when it is absent. */
  readonly namespace?: string;
  readonly store: ArtifactStore;
  readonly runs: Pick<ScriptedRuns, 'executeRun'>;
  /** What its host is called. */
  readonly host?: string;
  /** Beyond those that are faked here. */
  readonly overrides?: Partial<ActivityDependencies>;
  /** What else is to be faked of the activities themselves. */
  readonly change?: (activities: Activities) => Partial<Activities>;
}

export type Activities = BenchmarkActivities & SuiteActivities;

let isInstalled = false;

/** Once in a process: several hosts may have their workers here. */
function installRuntime(): void {
  if (isInstalled) return;
  isInstalled = true;
  const logger = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger, shutdownSignals: [] });
}

export async function startFakeWorker(
  options: FakeWorkerOptions,
): Promise<{ stop(): Promise<void> }> {
  installRuntime();
  const connection = await NativeConnection.connect({ address: options.address });
  const host = options.host ?? 'test-host';
  const known = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  const overrides: Partial<ActivityDependencies> = {
    host,
    executeRun: options.runs.executeRun,
    registeredSearchAttributes: () => Promise.resolve(known),
    summarizeBenchmark: ({ facts, runs }) => ({
      ...summarizeBenchmark({
        runs,
        failedRuns: facts.failedRuns,
        expectedRuns: facts.config.runs,
      }),
      lostMs: 0,
    }),
    ...options.overrides,
  };
  const dependencies = fakeDependencies(options.store, overrides);
  const real = { ...createActivities(dependencies), ...createSuiteActivities(dependencies) };
  const activities = { ...real, ...options.change?.(real) };
  const { namespace = 'default' } = options;
  const shared = {
    ...{ connection, namespace, activities },
    maxHeartbeatThrottleInterval: '1s',
  } as const;
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: MAIN_TASK_QUEUE,
      // As every worker of the product has it; the integration tests come after the build.
      workflowBundle: {
        codePath: fileURLToPath(new URL('../../dist/workflow-bundle.cjs', import.meta.url)),
      },
    }),
    Worker.create({
      ...shared,
      taskQueue: hostTaskQueue(host),
      maxConcurrentActivityTaskExecutions: 1,
    }),
    Worker.create({ ...shared, taskQueue: hostPresenceQueue(host) }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
