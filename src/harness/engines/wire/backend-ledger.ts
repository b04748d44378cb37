// Counts, as connections come and go, what each address of the server's name had of the load.

import type { BackendShare } from '../../../contract/run-result.ts';

interface Connected {
  readonly address: string;
  readonly answeredCalls: () => number;
}

export class BackendLedger {
  readonly #past = new Map<string, { connections: number; answeredCalls: number }>();
  readonly #open = new Map<number, Connected>();

  /** A name was resolved to these; they are listed even when no connection goes there. */
  resolved(addresses: readonly string[]): void {
    for (const address of addresses) this.#entry(address);
  }

  opened(id: number, address: string, answeredCalls: () => number): void {
    this.#entry(address).connections += 1;
    this.#open.set(id, { address, answeredCalls });
  }

  closed(id: number): void {
    const connected = this.#open.get(id);
    if (connected === undefined) return;
    this.#open.delete(id);
    this.#entry(connected.address).answeredCalls += connected.answeredCalls();
  }

  shares(): BackendShare[] {
    const shares = new Map([...this.#past].map(([address, entry]) => [address, { ...entry }]));
    for (const { address, answeredCalls } of this.#open.values()) {
      const share = shares.get(address);
      if (share !== undefined) share.answeredCalls += answeredCalls();
    }
    return [...shares].map(([address, share]) => ({ address, ...share }));
  }

  #entry(address: string): { connections: number; answeredCalls: number } {
    const known = this.#past.get(address);
    if (known !== undefined) return known;
    const entry = { connections: 0, answeredCalls: 0 };
    this.#past.set(address, entry);
    return entry;
  }
}
