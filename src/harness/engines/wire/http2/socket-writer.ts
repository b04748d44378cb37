// One write per turn of the event loop. Node hands the slab to the kernel at once as long as the socket takes it, and then
// the slab is free again; while the kernel is full, a second slab collects what comes meanwhile.

import type { Socket } from 'node:net';
import { OutputBuffer } from './output-buffer.ts';

const LINGER_MS = 1000;
const NO_BYTES = Buffer.alloc(0);

export class SocketWriter {
  readonly #socket: Socket;
  readonly #onDrained: () => void;
  #output = new OutputBuffer();
  #spare: OutputBuffer | null = null;
  #writing = false;
  /** The last write was not taken at once: always so with TLS. */
  #waits = false;

  /** `onDrained`: the socket took what it had refused before. */
  constructor(socket: Socket, onDrained: () => void) {
    this.#socket = socket;
    this.#onDrained = onDrained;
  }

  /** Where frames are laid; ask for it anew after each flush. */
  get output(): OutputBuffer {
    return this.#output;
  }

  /** The peer does not read as fast as we write. */
  get congested(): boolean {
    return this.#writing;
  }

  /** Returns false when nothing could be handed to the socket. */
  flush(): boolean {
    if (this.#writing || this.#output.length === 0 || this.#socket.destroyed) return false;
    const waited = this.#waits;
    // A callback costs a write a turn of the tick queue, so it is left out where the kernel took the last write at once.
    if (waited) this.#socket.write(this.#output.view(), this.#onWritten);
    else this.#socket.write(this.#output.view());
    this.#waits = this.#socket.writableLength > 0;
    if (!this.#waits) {
      this.#output.clear();
      return true;
    }
    this.#writing = true;
    if (!waited) this.#socket.write(NO_BYTES, this.#onWritten);
    const next = this.#spare ?? new OutputBuffer();
    this.#spare = this.#output;
    this.#output = next;
    return true;
  }

  /** Lets the last frames out, but a peer that does not read cannot keep the socket. */
  hangUp(): void {
    const socket = this.#socket;
    if (socket.writableLength === 0) {
      socket.destroy();
      return;
    }
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.destroySoon();
  }

  readonly #onWritten = (): void => {
    if (!this.#writing || this.#socket.writableLength > 0) return;
    this.#writing = false;
    this.#spare?.clear();
    this.#onDrained();
  };
}
