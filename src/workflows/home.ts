// Where a benchmark is at home: the host that measures it and keeps its files. A step that no worker of that host takes in time
// asks whether the host is there at all: one that is busy is waited for, one that is gone as the benchmark's policy says.

import { CancellationScope, patched, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { BenchmarkActivities, HostFacts, PreparedBenchmark } from '../activities/interface.ts';
import { DEFAULT_HOST_POLICY, type HostPolicy } from '../contract/host-policy.ts';
import {
  DEFAULT_HEARTBEAT_TIMEOUT_MS,
  hostActivities,
  lightActivities,
} from './activity-options.ts';
import type { ProgressBoard } from './benchmark-progress.ts';
import { workflowFailure } from './failures.ts';
import { hostAnswers, presenceOf, unlessTimedOut, wasNotTaken } from './host-presence.ts';
import { finishedCounts } from './run-ledger.ts';

/** The benchmark goes on elsewhere: thrown through whatever was under way on the old host. Never leaves the workflow. */
export class HostMoved extends Error {
  override readonly name = 'HostMoved';
  readonly to: HostFacts;
  /** Why the old host was given up, in a sentence. */
  readonly reason: string;

  constructor(to: HostFacts, reason: string) {
    super(reason);
    this.to = to;
    this.reason = reason;
  }
}

/** A host that works for others is asked ever less often. */
const LONGEST_LOOK_MS = 300_000;

export class Home {
  /** False in benchmarks that began under a version that could only wait. */
  readonly isWatched = patched('host-presence');
  readonly #prepared: PreparedBenchmark;
  readonly #policy: HostPolicy;
  readonly #board: ProgressBoard;
  /** How long a worker that is there may take to answer. */
  readonly #patienceMs: number;
  /** Of the benchmark: what reports in a scope of its own must still notice that it was cancelled. */
  #scope = CancellationScope.current();

  constructor(prepared: PreparedBenchmark, board: ProgressBoard) {
    this.#prepared = prepared;
    this.#policy = prepared.config.hosts ?? DEFAULT_HOST_POLICY;
    this.#board = board;
    this.#patienceMs = prepared.heartbeatTimeoutMs ?? DEFAULT_HEARTBEAT_TIMEOUT_MS;
  }

  /** For how long a step may lie there before the host is asked for; undefined: for ever. */
  get firstLookMs(): number | undefined {
    return this.isWatched ? 2 * this.#patienceMs : undefined;
  }

  longerLookMs(lookMs: number | undefined): number | undefined {
    return lookMs === undefined ? undefined : Math.min(2 * lookMs, LONGEST_LOOK_MS);
  }

  /** The host that was asked for, or else the one that took the benchmark's first activity. */
  async settle(): Promise<HostFacts> {
    const { config, host: first = '' } = this.#prepared;
    if (!this.isWatched) return lightActivities.captureEnvironment(config);
    const { host } = this.#policy;
    if (host !== '') return this.#named(host);
    return (await this.#factsOf(first)) ?? lightActivities.captureEnvironment(config);
  }

  /** From here on the scope that is current is the benchmark's. */
  enter(): void {
    this.#scope = CancellationScope.current();
  }

  /** Does a step on the host; throws HostMoved when that is given up for another. */
  async at<T>(
    host: HostFacts,
    work: (near: ActivityInterfaceFor<BenchmarkActivities>) => Promise<T>,
  ): Promise<T> {
    for (let lookMs = this.firstLookMs; ; lookMs = this.longerLookMs(lookMs)) {
      try {
        return await work(hostActivities(host.hostTaskQueue, lookMs));
      } catch (error) {
        if (!this.isWatched || !wasNotTaken(error)) throw error;
      }
      await this.ensure(host);
    }
  }

  /**
   * Resolves when the host's worker answers, be it after a wait. Throws HostMoved when it was given up for another host, and
   * fails with 'host-lost' when it may not be.
   */
  async ensure({ host, hostTaskQueue }: HostFacts): Promise<void> {
    if (await hostAnswers(host, this.#patienceMs)) return;
    if (this.#scope.consideredCancelled) throw this.#lost(host, 'its worker does not answer');
    const { stage } = this.#board;
    await this.#whileWanted(async () => {
      const reason = await this.#awaited(host);
      if (reason === null) return;
      if (this.#policy.onLoss === 'fail' || this.#policy.host !== '')
        throw this.#lost(host, reason);
      this.#board.enter({ kind: 'seeking-host', lost: host });
      const next = await lightActivities.captureEnvironment(this.#prepared.config);
      // The same host again: what it measured stands.
      if (next.hostTaskQueue !== hostTaskQueue) throw new HostMoved(next, reason);
    });
    this.#board.enter(stage);
  }

  async #named(host: string): Promise<HostFacts> {
    const there = await this.#factsOf(host);
    if (there !== null) return there;
    const reason = await this.#awaited(host);
    const facts = reason === null ? await this.#factsOf(host) : null;
    if (facts === null) throw this.#lost(host, reason ?? 'its worker left again');
    return facts;
  }

  /** Waits where that is the policy; null when the host is back, else why it is given up. */
  async #awaited(host: string): Promise<string | null> {
    const { onLoss, lossLimitMs, host: wanted } = this.#policy;
    if (onLoss !== 'wait') return 'its worker does not answer';
    this.#board.enter({
      kind: 'waiting-for-host',
      host,
      untilUtc: lossLimitMs === 0 ? null : new Date(Date.now() + lossLimitMs).toISOString(),
      then: wanted === '' ? 'rehome' : 'fail',
    });
    const isBack = await hostAnswers(host, lossLimitMs === 0 ? undefined : lossLimitMs);
    return isBack
      ? null
      : `its worker did not answer for ${Math.round(lossLimitMs / 1000)} s (hostLossLimit)`;
  }

  async #factsOf(host: string): Promise<HostFacts | null> {
    if (host === '') return null;
    const { captureEnvironment } = presenceOf(host, this.#patienceMs);
    return unlessTimedOut(() => captureEnvironment(this.#prepared.config));
  }

  async #whileWanted(work: () => Promise<void>): Promise<void> {
    const waiting = new CancellationScope();
    this.#scope.cancelRequested.catch(() => waiting.cancel());
    await waiting.run(work);
  }

  #lost(host: string, reason: string): Error {
    const { measured } = finishedCounts(this.#board.ledger);
    const runs = measured === 1 ? '1 measured run' : `${measured} measured runs`;
    const kept = measured === 0 ? '' : ` On its disk: the ${runs} that it finished.`;
    return workflowFailure(
      'host-lost',
      `Host ${host} is lost: ${reason}.${kept} Start its worker (loombench worker, with the same LOOMBENCH_HOST_NAME) ` +
        'and go on with loombench retry, or leave the host open to have another one measure.',
    );
  }
}
