// One call beside the load (health, agents): its answer is kept whole, and a promise waits for its end.

import type { CallEnd } from '../engine.ts';
import { STATUS } from './grpc/status.ts';

export class ControlCall {
  grpcStatus: number = STATUS.unknown;
  details = '';
  message: Buffer = Buffer.alloc(0);
  readonly #done: (call: ControlCall) => void;

  constructor(done: (call: ControlCall) => void) {
    this.#done = done;
  }

  onMessage(bytes: Buffer, start: number, end: number): void {
    this.message = Buffer.from(bytes.subarray(start, end));
  }

  onEnd(end: CallEnd): void {
    this.grpcStatus = end.grpcStatus;
    this.details = end.statusMessage;
    this.#done(this);
  }
}
