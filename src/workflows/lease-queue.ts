// Who has the target and who waits for it, first come first served.

import { leaseUserKey, type LeaseParty } from '../contract/target-lease.ts';

/** As it is carried through continue-as-new. */
export interface LeaseState {
  readonly holder: LeaseParty | null;
  /** Children of the holder, which load the target in its name. */
  readonly guests: readonly LeaseParty[];
  readonly waiting: readonly LeaseParty[];
}

export interface PartyTurn {
  readonly party: LeaseParty;
  /** Ids of those before it, the holder first; null: it is its turn. */
  readonly behind: readonly string[] | null;
}

const NOBODY: LeaseState = { holder: null, guests: [], waiting: [] };

export class LeaseQueue {
  #state: LeaseState;
  /** Counts what happened, so that somebody can wait for something to happen. */
  #changes = 0;
  /** Asked since they were last told: they want to hear it again. */
  readonly #asking = new Set<string>();

  constructor(state: LeaseState = NOBODY) {
    this.#state = state;
  }

  get state(): LeaseState {
    return this.#state;
  }

  get changes(): number {
    return this.#changes;
  }

  get parties(): LeaseParty[] {
    const { holder, guests, waiting } = this.#state;
    return [...(holder === null ? [] : [holder]), ...guests, ...waiting];
  }

  /** Those that may load the target now. */
  get users(): LeaseParty[] {
    const { waiting } = this.#state;
    return this.parties.slice(0, this.parties.length - waiting.length);
  }

  /** Asking again keeps the place. */
  request(party: LeaseParty): void {
    this.#changes += 1;
    this.#asking.add(leaseUserKey(party));
    if (this.parties.some((known) => isSame(known, party))) return;
    const { holder, guests, waiting } = this.#state;
    this.#state =
      holder !== null && holder.workflowId === party.parentId
        ? { ...this.#state, guests: [...guests, party] }
        : { ...this.#state, waiting: [...waiting, party] };
    this.#promote();
  }

  /** Somebody who has it not and waits not is nobody. */
  remove(party: Pick<LeaseParty, 'workflowId' | 'firstExecutionRunId'>): void {
    if (!this.parties.some((known) => isSame(known, party))) return;
    this.#changes += 1;
    const others = (list: readonly LeaseParty[]): LeaseParty[] =>
      list.filter((known) => !isSame(known, party));
    const { holder, guests, waiting } = this.#state;
    this.#state = {
      holder: holder !== null && isSame(holder, party) ? null : holder,
      guests: others(guests),
      waiting: others(waiting),
    };
    this.#promote();
  }

  /** Everybody's turn; `asks`: whether it asked for it since the last time. */
  takeTurns(): (PartyTurn & { readonly asks: boolean })[] {
    const users = this.users;
    const ahead = users.map(({ workflowId }) => workflowId);
    const turns = this.parties.map((party, position) => {
      const asks = this.#asking.has(leaseUserKey(party));
      if (position < users.length) return { party, behind: null, asks };
      const behind = [...ahead];
      ahead.push(party.workflowId);
      return { party, behind, asks };
    });
    this.#asking.clear();
    return turns;
  }

  /** Not before the last guest is gone, too: it loads the target until then. */
  #promote(): void {
    const { holder, guests, waiting } = this.#state;
    if (holder !== null || guests.length > 0) return;
    const [next = null, ...others] = waiting;
    this.#state = { holder: next, guests: [], waiting: others };
  }
}

function isSame(
  a: Pick<LeaseParty, 'workflowId' | 'firstExecutionRunId'>,
  b: Pick<LeaseParty, 'workflowId' | 'firstExecutionRunId'>,
): boolean {
  return leaseUserKey(a) === leaseUserKey(b);
}
