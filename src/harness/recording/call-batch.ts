// Calls that ended wait here, a handful at a time, until every account takes them in one go. A loop over a small batch
// costs an account less than a visit per call does (bench/recording.ts).

/** Calls of a full batch; small, because a batch delays the event after it. */
export const BATCH_CALLS = 128;

/** log2 of the cells per call of `times`; a call's first cell is `row << TIMES_LOG2`. */
export const TIMES_LOG2 = 3;
// Cells of `times`, ns of the run's clock but for the gap (ns) and the bytes.
export const INTENDED = 0;
export const DISPATCH = 1;
/** NaN without a message. */
export const FIRST_MESSAGE = 2;
/** NaN without a message with LLM output. */
export const FIRST_TOKEN = 3;
export const LAST_MESSAGE = 4;
export const MAX_GAP = 5;
export const BYTES = 6;
/** When the call was given up, for an incomplete one. */
export const END = 7;

export class CallBatch {
  readonly times = new Float64Array(BATCH_CALLS << TIMES_LOG2);
  /** LLM time that the answer states; NaN when it states none. */
  readonly llmNs = new Float64Array(BATCH_CALLS);
  readonly callClass = new Uint8Array(BATCH_CALLS);
  /** 1 or 0. */
  readonly measured = new Uint8Array(BATCH_CALLS);
  readonly grpcStatus = new Int32Array(BATCH_CALLS);
  readonly messages = new Uint32Array(BATCH_CALLS);
  readonly tokens = new Uint32Array(BATCH_CALLS);
  calls = 0;
}
