// A benchmark's or suite's side of the lease on its target: it asks, waits for its turn, and gives back what it holds however
// it ends. That it still holds it is checked again by each run, for only a look at the moment of loading counts.

import {
  CancellationScope,
  condition,
  ContinueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  LEASE_RELEASE_SIGNAL,
  LEASE_TURN_SIGNAL,
  leaseIdOf,
  type LeaseParty,
  type LeaseTurn,
} from '../contract/target-lease.ts';
import { lightActivities } from './activity-options.ts';

/** A lease that somebody has terminated tells nobody anything: so often it is asked again. */
const ASK_AGAIN_MS = 300_000;

export interface LeaseWish {
  readonly address: string;
  /** The measuring host; null when it is not known yet. */
  readonly host: string | null;
  /** Called with the ids of those that come before, each time that they change. */
  readonly onWaiting: (behind: readonly string[]) => void;
}

export class LeaseHold {
  #leaseId: string | null;
  #turn: LeaseTurn | null = null;

  /** `leaseId`: held already, by the execution before. The handler first: it may be told early. */
  constructor(leaseId: string | null = null) {
    this.#leaseId = leaseId;
    setHandler(defineSignal<[LeaseTurn]>(LEASE_TURN_SIGNAL), (turn) => {
      if (turn.firstExecutionRunId === workflowInfo().firstExecutionRunId) this.#turn = turn;
    });
  }

  /** Null when the target is not leased: it is embedded, or the benchmark began under a version without leases. */
  get leaseId(): string | null {
    return this.#leaseId;
  }

  /** Resolves when it is our turn; at once for an embedded target and for what is held already. */
  async acquire({ address, host, onWaiting }: LeaseWish): Promise<void> {
    if (address === '' || !patched('target-lease')) return;
    if (host !== null && this.#leaseId === leaseIdOf(address, host)) return;
    await this.release();
    for (;;) {
      this.#turn = null;
      this.#leaseId = await lightActivities.requestLease({ address, host, party: thisParty() });
      if (this.#leaseId === null) return;
      while (await condition(() => this.#isNews(), ASK_AGAIN_MS)) {
        const behind = this.#takeNews();
        if (behind === null) return;
        onWaiting(behind);
      }
    }
  }

  /** Gives back what is held after `work`, however that ends; what begins a new execution keeps it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.release();
      return result;
    } catch (error) {
      if (!(error instanceof ContinueAsNew)) await this.release();
      throw error;
    }
  }

  /** Also gives up waiting. Works in a cancelled scope, too. */
  async release(): Promise<void> {
    const leaseId = this.#leaseId;
    if (leaseId === null) return;
    this.#leaseId = null;
    await CancellationScope.nonCancellable(async () => {
      const lease = getExternalWorkflowHandle(leaseId);
      // One that has ended keeps nothing from anybody.
      await lease.signal(LEASE_RELEASE_SIGNAL, thisParty()).catch(() => undefined);
    });
  }

  #takeNews(): LeaseTurn['behind'] {
    const turn = this.#turn;
    this.#turn = null;
    return turn?.behind ?? null;
  }

  #isNews(): boolean {
    return this.#turn !== null && this.#turn.leaseId === this.#leaseId;
  }
}

function thisParty(): LeaseParty {
  const { workflowId, firstExecutionRunId, parent } = workflowInfo();
  return { workflowId, firstExecutionRunId, parentId: parent?.workflowId ?? null };
}
