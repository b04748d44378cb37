// The lease of one target address: a workflow whose id names the target, so that the server itself sees to it that there is
// one, and which outlives every crash. Whoever wants to load the target asks it and is told when it is his turn. A holder
// that was terminated or timed out can give nothing back: while somebody waits, the lease looks after it.

import {
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import {
  LEASE_RELEASE_SIGNAL,
  LEASE_REQUEST_SIGNAL,
  LEASE_TURN_SIGNAL,
  leaseUserKey,
  MEMO_LEASE_USERS,
  type LeaseParty,
  type LeaseTurn,
} from '../contract/target-lease.ts';
import { lightActivities } from './activity-options.ts';
import { LeaseQueue, type LeaseState, type PartyTurn } from './lease-queue.ts';

/** How often the parties are looked after while somebody waits: at once, then ever less often. */
const LOOK_MS = { first: 2_000, longest: 30_000 } as const;
/** What a holder was doing when it was terminated hears of it with a heartbeat, and stops. */
const STOPPING_MS = 5_000;
/** Nobody waits: only so that a lease does not stay for ever. */
const LOOK_ALONE_MS = 600_000;

/** Workflow type `targetLease`; ends when nobody has the target and nobody waits for it. */
export async function targetLease(carried?: LeaseState): Promise<void> {
  const queue = new LeaseQueue(carried);
  setHandler(defineSignal<[LeaseParty]>(LEASE_REQUEST_SIGNAL), (party) => queue.request(party));
  setHandler(defineSignal<[LeaseParty]>(LEASE_RELEASE_SIGNAL), (party) => queue.remove(party));
  // The first request comes with the start.
  await condition(() => queue.parties.length > 0, LOOK_MS.first);
  const told: Told = { users: '', turns: new Map() };
  let lookMs: number = LOOK_MS.first;
  while (queue.parties.length > 0) {
    if (workflowInfo().continueAsNewSuggested) {
      return continueAsNew<typeof targetLease>(queue.state);
    }
    const seen = queue.changes;
    await tellTurns(queue, told);
    if (queue.changes !== seen) continue;
    if (queue.state.waiting.length > 0) await removeEnded(queue);
    if (queue.changes !== seen) continue;
    const isAlone = queue.state.waiting.length === 0;
    if (await condition(() => queue.changes !== seen, isAlone ? LOOK_ALONE_MS : lookMs)) {
      lookMs = LOOK_MS.first;
    } else {
      lookMs = Math.min(lookMs * 2, LOOK_MS.longest);
      if (isAlone) await removeEnded(queue);
    }
  }
}

/** What was said last: to everybody who asks the server, and to each party. */
interface Told {
  users: string;
  readonly turns: Map<string, string>;
}

async function tellTurns(queue: LeaseQueue, told: Told): Promise<void> {
  const users = queue.users.map(leaseUserKey);
  if (told.users !== users.join(' ')) upsertMemo({ [MEMO_LEASE_USERS]: users });
  told.users = users.join(' ');
  setCurrentDetails(leaseDetails(queue.state));
  for (const { asks, ...turn } of queue.takeTurns()) {
    const key = leaseUserKey(turn.party);
    const words = JSON.stringify(turn.behind);
    if (!asks && told.turns.get(key) === words) continue;
    told.turns.set(key, words);
    await tell(queue, turn);
  }
}

async function tell(queue: LeaseQueue, { party, behind }: PartyTurn): Promise<void> {
  const { workflowId, firstExecutionRunId } = party;
  const turn: LeaseTurn = { leaseId: workflowInfo().workflowId, firstExecutionRunId, behind };
  try {
    await getExternalWorkflowHandle(workflowId).signal(LEASE_TURN_SIGNAL, turn);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // It runs no more.
    queue.remove(party);
  }
}

async function removeEnded(queue: LeaseQueue): Promise<void> {
  const ended = await lightActivities.endedParties(queue.parties);
  const users = new Set(queue.users.map(leaseUserKey));
  if (ended.some((party) => users.has(leaseUserKey(party)))) await sleep(STOPPING_MS);
  for (const party of ended) queue.remove(party);
}

function leaseDetails({ holder, guests, waiting }: LeaseState): string {
  const names = (parties: readonly LeaseParty[]): string =>
    parties.map(({ workflowId }) => `\`${workflowId}\``).join(', ');
  const users = [...(holder === null ? [] : [holder]), ...guests];
  return [
    `**${users.length === 0 ? 'nobody has it' : `measured by ${names(users)}`}**`,
    ...(waiting.length === 0 ? [] : ['', `waiting, in this order: ${names(waiting)}`]),
  ].join('\n');
}
