// What the embedded target's two processes say to each other over IPC.

import type { ProviderConfig } from '../contract/config.ts';
import type { FailureCode } from '../contract/failure.ts';
import type { GcPause, ProcessSample } from '../contract/resources.ts';
import type { TargetAccount } from '../contract/run-result.ts';

/** What an embedded target is to be. */
export interface TargetConfig {
  readonly llm: ProviderConfig;
  /** 0: the default of 5. */
  readonly llmConcurrencyLimit: number;
  /** 0 or 1: the default agent alone. */
  readonly numAgents: number;
  readonly seed: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
}

/** What a target says is in force. */
export interface TargetSettings {
  readonly llm: ProviderConfig;
  readonly llmConcurrencyLimit: number;
  readonly numAgents: number;
}

/** What a target leaves behind when it stops. */
export interface TargetFinal {
  readonly account: TargetAccount;
  /** Empty unless resources were to be sampled. */
  readonly samples: ProcessSample[];
  readonly gcPauses: GcPause[];
}

export type ToTarget =
  | {
      readonly kind: 'start';
      readonly config: TargetConfig;
      /** CLOCK_MONOTONIC at the run's origin, shared by all its processes. */
      readonly originNs: bigint;
      readonly sampleResources: boolean;
    }
  | { readonly kind: 'account'; readonly requestId: number }
  | { readonly kind: 'settings'; readonly requestId: number }
  | { readonly kind: 'stop' };

export type FromTarget =
  | { readonly kind: 'listening'; readonly address: string }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly message: string }
  | { readonly kind: 'account'; readonly requestId: number; readonly account: TargetAccount }
  | { readonly kind: 'settings'; readonly requestId: number; readonly settings: TargetSettings }
  | { readonly kind: 'final'; readonly final: TargetFinal };
