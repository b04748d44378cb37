// What a worker process and the process that forked it say to each other.

export interface WorkerProcessOptions {
  readonly stateDirectory: string;
  /** True: the worker holds the embedded server of the state directory; false: TEMPORAL_* and profile apply. */
  readonly embedded: boolean;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** A line for whoever watches, such as that the server is away. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string };

export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    (message.kind === 'ready' || message.kind === 'note' || message.kind === 'failed')
  );
}
