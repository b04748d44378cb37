// What the validity gates judge: one run's figures, gathered so that each gate is a small pure function over them.

import type { HarnessConfig } from '../../contract/config.ts';
import type { ProcessSample } from '../../contract/resources.ts';
import type {
  LatencySummary,
  NullFloor,
  RunIdentity,
  RunMeasurement,
  TargetAccount,
} from '../../contract/run-result.ts';
import type { GateResult } from '../../contract/warning.ts';
import type { SettingsEcho } from '../generator-protocol.ts';
import type { DriveResult } from '../load-driver.ts';

export interface GateFacts {
  readonly harness: HarnessConfig;
  readonly embedded: boolean;
  readonly measured: Pick<
    RunMeasurement,
    | 'window'
    | 'calls'
    | 'windowCalls'
    | 'throughputRps'
    | 'okThroughputRps'
    | 'offeredRps'
    | 'littlesLaw'
    | 'serviceTime'
    | 'responseTime'
    | 'sendLateness'
  >;
  readonly drive: Pick<
    DriveResult,
    'issued' | 'unsent' | 'heldBack' | 'sends' | 'endsByServer' | 'endsByClient'
  >;
  readonly generator: {
    /** Of the seconds in which the load ran. */
    readonly samples: readonly ProcessSample[];
    readonly clockDriftMs: number;
    readonly heapLimitBytes: number;
    readonly swapBytes: number | null;
  };
  /** The embedded target's books over this run; null for a remote one. */
  readonly target: TargetAccount | null;
  /** What the embedded target said was in force; null for a remote one. */
  readonly echo: SettingsEcho | null;
  /** Of the process that asked for the run, and of the generator. */
  readonly identity: { readonly asked: RunIdentity; readonly own: RunIdentity };
  readonly nullFloor: NullFloor | null;
}

export type Gate = (facts: GateFacts) => GateResult;

export type GateHead = Pick<GateResult, 'id' | 'name' | 'unit'>;

/** A gate that could not be applied; says why. */
export function notMeasured(head: GateHead, message: string): GateResult {
  return { ...head, status: 'not-measured', value: null, limit: null, message };
}

/** The headline latency of a run: of ok calls, from dispatch in a closed loop, from the intended start in an open one. */
export function headline(facts: GateFacts): LatencySummary {
  return facts.harness.arrival.kind === 'closed'
    ? facts.measured.serviceTime
    : facts.measured.responseTime;
}

/** For messages: enough digits to see the difference, no more. */
export function shown(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
