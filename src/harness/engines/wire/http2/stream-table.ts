// What every connection knows of its streams, in typed arrays by slot: the slots are the engine's, shared by all its
// connections, and a slot is on one connection at a time.

export const NO_CONNECTION = 0;

export class StreamTable {
  streamId = new Int32Array(0);
  /** Id of the connection that carries the slot; NO_CONNECTION when none does. */
  connection = new Int32Array(0);
  /** Bytes that the server lets us send on the stream; negative after it shrank the initial window. */
  sendWindow = new Int32Array(0);
  receiveWindow = new Int32Array(0);
  /** Bytes of the body that are sent; the body itself is shared and never copied. */
  bodySent = new Int32Array(0);
  /** The body while part of it is unsent, else null. */
  readonly unsentBody: (Buffer | null)[] = [];

  get capacity(): number {
    return this.streamId.length;
  }

  /** Makes room for slots 0 … capacity-1; what is there stays. */
  grow(capacity: number): void {
    if (capacity <= this.capacity) return;
    this.streamId = grown(this.streamId, capacity);
    this.connection = grown(this.connection, capacity);
    this.sendWindow = grown(this.sendWindow, capacity);
    this.receiveWindow = grown(this.receiveWindow, capacity);
    this.bodySent = grown(this.bodySent, capacity);
    while (this.unsentBody.length < capacity) this.unsentBody.push(null);
  }
}

function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}
