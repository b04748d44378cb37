// Whether a worker takes work: it polls, and the server that it polls answers. Found out when somebody asks, so that nothing
// happens in the worker's process while a run is measured and nobody does.

export type WorkerHealth =
  { readonly ready: true } | { readonly ready: false; readonly reason: string };

const READY: WorkerHealth = { ready: true };

export class HealthBoard {
  #look: () => Promise<WorkerHealth> = () => Promise.resolve(notReady('it is starting'));

  /** Not ready, until something else is said. */
  rests(reason: string): void {
    this.#look = () => Promise.resolve(notReady(reason));
  }

  /** It polls: ready whenever `check` does not reject. */
  polls(check: () => Promise<unknown>): void {
    this.#look = async () => {
      try {
        await check();
        return READY;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return notReady(`the Temporal server does not answer: ${why}`);
      }
    };
  }

  look(): Promise<WorkerHealth> {
    return this.#look();
  }
}

export function notReady(reason: string): WorkerHealth {
  return { ready: false, reason };
}
