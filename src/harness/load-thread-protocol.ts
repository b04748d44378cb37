// What the generator's main thread and its load threads say to each other.

import type { FailureCode } from '../contract/failure.ts';
import type { LoadPlan } from './generator-protocol.ts';
import type { ShareOutcome, ShareProgress } from './load-share.ts';
import type { TrimRule } from './recording/trim-rule.ts';

/** What a thread is started with; the counter's memory is shared. */
export interface ThreadStart {
  readonly plan: LoadPlan;
  readonly replayText: string | null;
  readonly thread: number;
  readonly threads: number;
  readonly counter: Int32Array;
}

export type ToLoadThread =
  | { readonly kind: 'run'; readonly loadStartNs: number; readonly trim: TrimRule }
  | { readonly kind: 'interrupt' }
  /** Close the connections and end. */
  | { readonly kind: 'close' };

export type FromLoadThread =
  | { readonly kind: 'ready'; readonly serverVersion: string | null }
  | { readonly kind: 'progress'; readonly progress: ShareProgress }
  | { readonly kind: 'done'; readonly outcome: ShareOutcome }
  | {
      readonly kind: 'failed';
      readonly code: FailureCode;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
