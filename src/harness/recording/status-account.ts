// Which statuses the measured calls ended with, and a bounded sample of what they said. Bounded, because a server may
// put an id into every message: after so many different ones, the rest is only counted.

import { grpcStatusName, GRPC_STATUS_NAMES } from '../../contract/outcome.ts';
import type { ErrorSample, StatusCount } from '../../contract/run-result.ts';
import type { CallBatch } from './call-batch.ts';
import { CALL_CLASS, DEGRADED_REASONS } from './classify.ts';
import { sumCells } from './exact-sum.ts';

const MAX_DISTINCT_MESSAGES = 100;
const MAX_MESSAGE_CHARS = 300;
/** Published; the rest of the distinct ones is summed up per status. */
const TOP_MESSAGES = 20;
const OTHER_MESSAGES = '(other messages)';
const STATUS_UNKNOWN = 2;

export interface RecordedStatuses {
  /** By gRPC code. */
  readonly byCode: Float64Array;
  readonly messages: readonly Readonly<{ code: number; message: string; count: number }>[];
  /** Errors whose message was not kept, by gRPC code. */
  readonly unkeptByCode: Float64Array;
  /** By index of DEGRADED_REASONS. */
  readonly degradedByReason: Float64Array;
}

export class StatusAccount {
  readonly #byCode = new Float64Array(GRPC_STATUS_NAMES.length);
  readonly #unkept = new Float64Array(GRPC_STATUS_NAMES.length);
  readonly #degraded = new Float64Array(DEGRADED_REASONS.length);
  readonly #messages: Map<string, number>[] = GRPC_STATUS_NAMES.map(
    () => new Map<string, number>(),
  );
  #distinct = 0;

  addAll(batch: CallBatch): void {
    const { calls, measured, callClass, grpcStatus } = batch;
    for (let row = 0; row < calls; row += 1) {
      if (measured[row] === 0 || callClass[row] === CALL_CLASS.incomplete) continue;
      const known = knownCode(grpcStatus[row] ?? STATUS_UNKNOWN);
      this.#byCode[known] = (this.#byCode[known] ?? 0) + 1;
    }
  }

  degraded(reason: number): void {
    this.#degraded[reason] = (this.#degraded[reason] ?? 0) + 1;
  }

  error(code: number, statusMessage: string): void {
    const known = knownCode(code);
    const message = statusMessage.slice(0, MAX_MESSAGE_CHARS);
    const messages = this.#messages[known];
    const count = messages?.get(message);
    if (
      messages === undefined ||
      (count === undefined && this.#distinct >= MAX_DISTINCT_MESSAGES)
    ) {
      this.#unkept[known] = (this.#unkept[known] ?? 0) + 1;
      return;
    }
    if (count === undefined) this.#distinct += 1;
    messages.set(message, (count ?? 0) + 1);
  }

  data(): RecordedStatuses {
    return {
      byCode: this.#byCode,
      unkeptByCode: this.#unkept,
      degradedByReason: this.#degraded,
      messages: this.#messages.flatMap((messages, code) =>
        Array.from(messages, ([message, count]) => ({ code, message, count })),
      ),
    };
  }
}

function knownCode(code: number): number {
  return code >= 0 && code < GRPC_STATUS_NAMES.length ? code : STATUS_UNKNOWN;
}

export function mergeStatuses(list: readonly RecordedStatuses[]): RecordedStatuses {
  const account = new Map<string, { code: number; message: string; count: number }>();
  for (const { code, message, count } of list.flatMap((part) => part.messages)) {
    const key = `${code} ${message}`;
    const known = account.get(key);
    if (known === undefined) account.set(key, { code, message, count });
    else known.count += count;
  }
  const messages = byCount([...account.values()]);
  const unkeptByCode = sumCells(list.map((part) => part.unkeptByCode));
  for (const { code, count } of messages.slice(MAX_DISTINCT_MESSAGES)) {
    unkeptByCode[code] = (unkeptByCode[code] ?? 0) + count;
  }
  return {
    byCode: sumCells(list.map((part) => part.byCode)),
    degradedByReason: sumCells(list.map((part) => part.degradedByReason)),
    unkeptByCode,
    messages: messages.slice(0, MAX_DISTINCT_MESSAGES),
  };
}

/** Statuses that occurred, most frequent first. */
export function statusCounts(statuses: RecordedStatuses): StatusCount[] {
  const counts = Array.from(statuses.byCode, (count, code) => ({
    status: grpcStatusName(code),
    count,
  }));
  return counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

/** What errors said and why answers were degraded, most frequent first; the counts sum up to errors + degraded. */
export function topErrors(statuses: RecordedStatuses): ErrorSample[] {
  const kept = byCount(statuses.messages);
  const rest = statuses.unkeptByCode.slice();
  for (const { code, count } of kept.slice(TOP_MESSAGES)) rest[code] = (rest[code] ?? 0) + count;
  const samples = [
    ...kept.slice(0, TOP_MESSAGES).map(({ code, message, count }) => ({
      status: grpcStatusName(code),
      message,
      count,
    })),
    ...Array.from(rest, (count, code) => ({
      status: grpcStatusName(code),
      message: OTHER_MESSAGES,
      count,
    })),
    ...DEGRADED_REASONS.map((reason, index) => ({
      status: grpcStatusName(0),
      message: `degraded: ${reason}`,
      count: statuses.degradedByReason[index] ?? 0,
    })),
  ];
  return samples.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

/** Deterministic whatever the order of arrival: by count, then by code and text. */
function byCount<T extends Readonly<{ code: number; message: string; count: number }>>(
  messages: readonly T[],
): T[] {
  return [...messages].sort(
    (a, b) =>
      b.count - a.count ||
      a.code - b.code ||
      (a.message < b.message ? -1 : Number(a.message > b.message)),
  );
}
