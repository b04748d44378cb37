// What the worker and the generator process say to each other over IPC.

import type { CollectorConfig, HarnessConfig } from '../contract/config.ts';
import type { FailureCode } from '../contract/failure.ts';
import type { RunPlan, RunProgress } from '../contract/run-plan.ts';
import type { NullFloor, RunIdentity, RunMeasurement } from '../contract/run-result.ts';
import type { TargetFinal, TargetSettings } from '../target/embedded-target.ts';
import type { FencePlan } from './load-fence.ts';
import type { RecordedRun } from './recording/recorded-run.ts';

/** What generating the load needs. */
export interface LoadPlan {
  readonly key: Pick<RunPlan['key'], 'phase' | 'index'>;
  /** With the address to call, also when the target is embedded. */
  readonly harness: HarnessConfig;
  readonly collect: CollectorConfig;
  readonly perRunWarmupMs: number;
  /** The target is ours, so its books can be compared with those of the calls. */
  readonly embedded: boolean;
  /** CLOCK_MONOTONIC at the run's origin, shared by all its processes. */
  readonly originNs: bigint;
  /** Where the raw values go. */
  readonly directory: string;
  /** Also send the recording itself: for the library's raw results. */
  readonly wantsRecording: boolean;
  /** Made in the generator when `GeneratorPlan.fenceMs` asks for it. */
  readonly fence?: FencePlan;
}

/** And what judging it needs. */
export interface GeneratorPlan extends LoadPlan {
  /** Of the process that started the generator. */
  readonly identity: RunIdentity;
  readonly nullFloor: NullFloor | null;
  /** Load ends when the supervisor was not heard of for so long; absent: it never does. */
  readonly fenceMs?: number;
}

/** What an embedded target said of itself. */
export interface TargetReport extends TargetFinal {
  readonly echo: SettingsEcho;
}

export interface SettingsEcho {
  readonly before: TargetSettings;
  readonly after: TargetSettings;
}

export interface GeneratorResult {
  readonly measurement: RunMeasurement;
  readonly recording: RecordedRun | null;
}

export type ToGenerator =
  | { readonly kind: 'start'; readonly plan: GeneratorPlan }
  /** Answers `loaded`; null for a target that is not ours. */
  | { readonly kind: 'target'; readonly final: TargetReport | null }
  /** Stop issuing; what was measured so far still counts as an interrupted run. */
  | { readonly kind: 'interrupt' }
  /** The supervisor does not stand still. */
  | { readonly kind: 'alive' };

export type FromGenerator =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  /** The load is over: the target may stop. */
  | { readonly kind: 'loaded' }
  | ({ readonly kind: 'done' } & GeneratorResult)
  | {
      readonly kind: 'failed';
      readonly code: FailureCode;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
