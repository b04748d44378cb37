// What a worker process and the process that forked it say to each other.

import type { WorkerHealth } from './worker-health.ts';

export interface WorkerProcessOptions {
  readonly stateDirectory: string;
  /** True: the worker holds the embedded server of the state directory; false: TEMPORAL_* and profile apply. */
  readonly embedded: boolean;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** A line for whoever watches, such as that the server is away. */
  | { readonly kind: 'note'; readonly text: string }
  /** The answer to 'ask-health'. */
  | { readonly kind: 'health'; readonly health: WorkerHealth }
  | { readonly kind: 'failed'; readonly message: string };

/** To the worker process. */
export interface WorkerQuestion {
  readonly kind: 'ask-health';
}

const KINDS: readonly unknown[] = [
  'ready',
  'note',
  'health',
  'failed',
] satisfies WorkerMessage['kind'][];

export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    KINDS.includes(message.kind)
  );
}

export function isWorkerQuestion(message: unknown): message is WorkerQuestion {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'ask-health'
  );
}
