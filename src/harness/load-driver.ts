// Offers the load of one run: starts calls as its source decides, stops at the limit, lets what is in flight finish
// within the grace, and gives up on the rest. Every started call is told to the sink exactly once, whatever happens.

import { GRPC_STATUS_NAMES } from '../contract/outcome.ts';
import type { MonotonicClock } from '../runtime/monotonic-clock.ts';
import type { PlannedLoad } from './arrivals/load-model.ts';
import { SendLog, type SendSample } from './arrivals/send-log.ts';
import type { CallSink } from './call-sink.ts';
import type { CallSource, SourceHost } from './call-source.ts';
import { ClosedLoop } from './closed-loop.ts';
import type { CallEnd, Engine, EngineEvents, MessageFacts } from './engines/engine.ts';
import type { LoadFence } from './load-fence.ts';
import { OpenLoop } from './open-loop.ts';
import { spinAlarm, timerAlarm, type AlarmMaker } from './pacing/alarm.ts';

export interface LoadDriverOptions {
  readonly engine: Pick<Engine, 'start' | 'cancel'>;
  readonly clock: MonotonicClock;
  readonly load: PlannedLoad;
  /** Calls go round-robin over this many prepared templates. */
  readonly templates: number;
  readonly graceMs: number;
  /** What of the load is warm-up: its sends are not held against the arrival law. */
  readonly warmupMs?: number;
  /** Open loop; by default what the pacing asks for, with Node's timers. */
  readonly alarm?: AlarmMaker;
  /** Closed, it ends the load as the signal does. */
  readonly fence?: Pick<LoadFence, 'admits'>;
  /** Stops issuing at once; what is in flight is incomplete. */
  readonly signal: AbortSignal;
}

export interface DriveResult {
  readonly issued: number;
  readonly maxInFlight: number;
  /** Open loop: due, but never sent before the grace was over. */
  readonly unsent: number;
  /** Open loop: sent late because as many calls as allowed were in flight. */
  readonly cappedCalls: number;
  /** Open loop: how the sends were spread. */
  readonly sends: SendSample | null;
  /** Calls spaced because calls before them failed on this side. */
  readonly heldBack: number;
  readonly interrupted: boolean;
  /** How calls ended, by gRPC status code, told apart by who ended them. Whole run. */
  readonly endsByServer: readonly number[];
  readonly endsByClient: readonly number[];
  readonly loadStartNs: number;
  /** When the last call was allowed to start. */
  readonly issueEndNs: number;
  /** When the last call had ended or was given up. */
  readonly endNs: number;
}

export interface DriveSnapshot {
  readonly stage: 'loading' | 'draining';
  readonly issued: number;
  readonly inFlight: number;
}

/** Node fires longer timers at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** gRPC: codes beyond the known ones are UNKNOWN. */
const STATUS_UNKNOWN = 2;

type State = 'idle' | 'issuing' | 'draining' | 'over';

/** One run. Give it to `engine.prepare` as the events, then call `run` once. */
export class LoadDriver implements EngineEvents {
  readonly #options: LoadDriverOptions;
  readonly #busy: Uint8Array;
  #sink: CallSink | null = null;
  #source: CallSource | null = null;
  #sendLog: SendLog | null = null;
  #state: State = 'idle';
  #loadStartNs = 0;
  #issueEndNs = 0;
  #issued = 0;
  #inFlight = 0;
  #maxInFlight = 0;
  readonly #endsByServer = new Array<number>(GRPC_STATUS_NAMES.length).fill(0);
  readonly #endsByClient = new Array<number>(GRPC_STATUS_NAMES.length).fill(0);
  #timer: NodeJS.Timeout | null = null;
  #settle: (() => void) | null = null;

  constructor(options: LoadDriverOptions) {
    this.#options = options;
    this.#busy = new Uint8Array(options.load.slots);
  }

  /** `loadStartNs` may lie a little ahead; the first call never goes out before it. */
  async run(sink: CallSink, loadStartNs: number): Promise<DriveResult> {
    const { clock, signal } = this.#options;
    this.#sink = sink;
    this.#loadStartNs = loadStartNs;
    const { load, warmupMs = 0 } = this.#options;
    if (load.model.kind === 'open') this.#sendLog = new SendLog(loadStartNs + warmupMs * 1e6);
    const source = this.#createSource();
    this.#source = source;
    const onAbort = (): void => this.#abort();
    signal.addEventListener('abort', onAbort, { once: true });
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      if (signal.aborted) this.#abort();
      else this.#at(loadStartNs, () => this.#begin(source));
    });
    signal.removeEventListener('abort', onAbort);
    const endNs = clock.nowNs();
    return {
      issued: this.#issued,
      maxInFlight: this.#maxInFlight,
      unsent: this.#unsent(source),
      cappedCalls: source.cappedCalls,
      sends: this.#sendLog?.sample() ?? null,
      heldBack: source.heldBack,
      interrupted: signal.aborted,
      endsByServer: [...this.#endsByServer],
      endsByClient: [...this.#endsByClient],
      loadStartNs,
      issueEndNs: this.#issueEndNs,
      endNs,
    };
  }

  snapshot(): DriveSnapshot {
    return {
      stage: this.#state === 'idle' || this.#state === 'issuing' ? 'loading' : 'draining',
      issued: this.#issued,
      inFlight: this.#inFlight,
    };
  }

  /** Other threads took the last calls of the run. */
  limitReached(): void {
    this.#stopIssuing();
  }

  onMessage(slot: number, atNs: number, facts: MessageFacts): void {
    if (this.#state !== 'over') this.#sink?.onMessage(slot, atNs, facts);
  }

  onEnd(slot: number, atNs: number, end: CallEnd): void {
    // Ends of calls that were given up come after the sink has been told so.
    if (this.#state === 'over' || this.#busy[slot] !== 1) return;
    this.#busy[slot] = 0;
    this.#inFlight -= 1;
    const failedHere = neverReachedServer(end);
    const ends = end.origin === 'server' ? this.#endsByServer : this.#endsByClient;
    const code = end.grpcStatus < ends.length ? end.grpcStatus : STATUS_UNKNOWN;
    ends[code] = (ends[code] ?? 0) + 1;
    this.#sink?.onEnd(slot, atNs, end);
    if (this.#state === 'issuing') this.#source?.freed(slot, failedHere);
    else this.#finishIfDrained();
  }

  #unsent(source: CallSource): number {
    const { model, limit } = this.#options.load;
    if (model.kind === 'closed') return 0;
    return limit.kind === 'count' ? limit.calls - this.#issued : source.unsent();
  }

  #createSource(): CallSource {
    const { clock, load, alarm } = this.#options;
    const host: SourceHost = {
      clock,
      loadStartNs: this.#loadStartNs,
      issue: (slot, intendedNs) => this.#issue(slot, intendedNs),
      exhausted: () => this.#stopIssuing(),
    };
    if (load.model.kind === 'closed') return new ClosedLoop(host, load.model.workerStartsNs);
    return new OpenLoop(host, {
      schedule: load.model.schedule,
      slots: load.slots,
      alarm: alarm ?? (load.model.pacing === 'spin' ? spinAlarm : timerAlarm),
      endNs: load.limit.kind === 'duration' ? load.limit.endNs : Infinity,
    });
  }

  #begin(source: CallSource): void {
    const { load, graceMs } = this.#options;
    this.#state = 'issuing';
    if (load.limit.kind === 'duration') {
      // An open loop still owes what was due when the time is over; it gets the grace for that.
      const owes = load.model.kind === 'open' ? graceMs * 1e6 : 0;
      this.#at(this.#loadStartNs + load.limit.endNs + owes, () => this.#stopIssuing());
    }
    source.start();
  }

  #issue(slot: number, intendedNs: number | null): boolean {
    if (this.#state !== 'issuing') return false;
    const { clock, load, engine, templates, fence } = this.#options;
    const nowNs = clock.nowNs();
    if (fence?.admits(nowNs) === false) {
      this.#abort();
      return false;
    }
    if (this.#isClosedLoopOver(nowNs)) return false;
    const index = this.#nextIndex();
    if (index === null) {
      this.#stopIssuing();
      return false;
    }
    this.#issued += 1;
    this.#busy[slot] = 1;
    this.#inFlight += 1;
    if (this.#inFlight > this.#maxInFlight) this.#maxInFlight = this.#inFlight;
    this.#sendLog?.sent(nowNs);
    this.#sink?.begin(slot, index, intendedNs ?? nowNs, nowNs);
    engine.start(slot, templateOf(index, templates));
    const { limit } = load;
    if (limit.kind === 'count' && this.#issued >= limit.calls) this.#stopIssuing();
    return true;
  }

  #isClosedLoopOver(nowNs: number): boolean {
    const { limit, model } = this.#options.load;
    if (model.kind !== 'closed' || limit.kind !== 'duration') return false;
    return nowNs >= this.#loadStartNs + limit.endNs;
  }

  /** Of the run; null when other threads took its last calls. */
  #nextIndex(): number | null {
    const { numbers } = this.#options.load;
    return numbers === undefined ? this.#issued : numbers.take();
  }

  #stopIssuing(): void {
    if (this.#state !== 'issuing') return;
    this.#state = 'draining';
    const { clock, graceMs, load } = this.#options;
    const nowNs = clock.nowNs();
    this.#issueEndNs = nowNs;
    this.#source?.stop();
    const byDuration = load.limit.kind === 'duration';
    const fromNs = byDuration ? this.#loadStartNs + load.limit.endNs : nowNs;
    this.#at(fromNs + graceMs * 1e6, () => this.#giveUp());
    this.#finishIfDrained();
  }

  #finishIfDrained(): void {
    if (this.#state === 'draining' && this.#inFlight === 0) this.#end();
  }

  #abort(): void {
    if (this.#state === 'over') return;
    if (this.#state !== 'draining') this.#issueEndNs = this.#options.clock.nowNs();
    this.#source?.stop();
    this.#giveUp();
  }

  #giveUp(): void {
    if (this.#state === 'over') return;
    this.#sink?.abandon(this.#options.clock.nowNs());
    this.#end();
    this.#busy.forEach((busy, slot) => {
      if (busy === 1) this.#options.engine.cancel(slot);
    });
  }

  #end(): void {
    this.#state = 'over';
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#settle?.();
  }

  /** One thing to come at a time; a timer that fires early waits on. */
  #at(atNs: number, then: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const waitNs = atNs - this.#options.clock.nowNs();
    if (waitNs <= 0) then();
    else
      this.#timer = setTimeout(
        () => this.#at(atNs, then),
        Math.min(MAX_TIMER_MS, Math.ceil(waitNs / 1e6)),
      );
  }
}

/** Round-robin; most loads have one template, and a division is dear for that. */
function templateOf(index: number, templates: number): number {
  return templates === 1 ? 0 : index % templates;
}

/** What this side may say of a call that a server had its chance to answer. */
const NOT_LOCAL_FAILURES: ReadonlySet<string | undefined> = new Set([
  'OK',
  'CANCELLED',
  'DEADLINE_EXCEEDED',
]);

/** Such a call would fail again at once. */
function neverReachedServer(end: CallEnd): boolean {
  return end.origin === 'client' && !NOT_LOCAL_FAILURES.has(GRPC_STATUS_NAMES[end.grpcStatus]);
}
