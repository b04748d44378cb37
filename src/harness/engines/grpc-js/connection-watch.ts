// Counts how often a channel had to connect again: a reader must know when throughput includes a reconnect.

import { connectivityState, type Channel } from '@grpc/grpc-js';

export class ConnectionWatch {
  readonly #channel: Channel;
  #reconnects = 0;
  #watching = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  get reconnects(): number {
    return this.#reconnects;
  }

  /** From a channel that is ready. */
  start(): void {
    this.#watching = true;
    this.#await(this.#channel.getConnectivityState(false));
  }

  stop(): void {
    this.#watching = false;
  }

  #await(state: connectivityState): void {
    this.#channel.watchConnectivityState(state, Infinity, () => {
      if (!this.#watching) return;
      const next = this.#channel.getConnectivityState(false);
      if (next === connectivityState.READY) this.#reconnects += 1;
      this.#await(next);
    });
  }
}
