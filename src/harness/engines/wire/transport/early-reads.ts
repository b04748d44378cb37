// Bytes that a socket reads before its connection exists: over TLS the server's first frames can come with the last
// bytes of the handshake. They are kept for the connection; later reads go straight to it.

export interface ReadTarget<Target> {
  onRead(target: Target, bytes: Buffer, length: number): void;
}

export class EarlyReads<Target> {
  readonly #port: ReadTarget<Target>;
  #target: Target | null = null;
  #early: Buffer[] = [];

  constructor(port: ReadTarget<Target>) {
    this.#port = port;
  }

  onRead(bytes: Buffer, length: number): void {
    if (this.#target === null) this.#early.push(Buffer.from(bytes.subarray(0, length)));
    else this.#port.onRead(this.#target, bytes, length);
  }

  deliverTo(target: Target): void {
    this.#target = target;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.#port.onRead(target, bytes, bytes.length);
  }
}
