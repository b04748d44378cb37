// The embedded Temporal server as its users see it: it is there while somebody holds it. (Signatures; body follows.)

export interface EmbeddedServer {
  /** host:port of the gRPC frontend; namespace `default`. */
  readonly address: string;
  readonly uiUrl: string;
  readonly version: string;
  /** True when it ran already and is shared. */
  readonly reused: boolean;
  /** Lets go of it; it ends some seconds after its last user did. */
  close(): Promise<void>;
}

export interface EmbeddedServerOptions {
  readonly signal?: AbortSignal;
  /** One line per event, for stderr. */
  readonly log?: (line: string) => void;
}

/**
 * Starts the server of that state directory or joins the one that runs.
 * Throws BenchmarkError 'temporal-cli-missing' | 'temporal-start-failed' | 'run-cancelled' (aborted).
 */
export declare function ensureEmbeddedServer(
  stateDirectory: string,
  options?: EmbeddedServerOptions,
): Promise<EmbeddedServer>;
