// Both engines' clients below Loom's service: any method, raw message bytes, one call at a time per client.

import { Channel, Metadata } from '@grpc/grpc-js';
import type { TlsConfig } from '../../src/contract/config.ts';
import type { CallEnd } from '../../src/harness/engines/engine.ts';
import {
  channelCredentials,
  channelOptions,
  channelTarget,
} from '../../src/harness/engines/grpc-js/channel-settings.ts';
import { GrpcJsCall } from '../../src/harness/engines/grpc-js/grpc-js-call.ts';
import { emptyFacts } from '../../src/harness/engines/message-facts.ts';
import { parseServerAddress } from '../../src/harness/engines/server-address.ts';
import { GrpcClient } from '../../src/harness/engines/wire/grpc-client.ts';
import { frameMessage, timeoutNs } from '../../src/harness/engines/wire/grpc/request.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';

export interface RawCall {
  readonly path: string;
  readonly request: Buffer;
  readonly streaming?: boolean;
  readonly timeoutMs?: number;
  /** Cancels when so many messages have come. */
  readonly cancelAfter?: number;
}

export interface RawResult {
  readonly code: number;
  readonly text: string;
  readonly messages: readonly Buffer[];
}

export interface RawClient {
  call(call: RawCall): Promise<RawResult>;
  close(): void;
}

const MAX_BYTES = 4 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;

export async function openWire(address: string, tls: TlsConfig | null): Promise<RawClient> {
  let onMessage: (bytes: Buffer) => void = () => undefined;
  let onEnd: (end: CallEnd) => void = () => undefined;
  const client = new GrpcClient(
    {
      address,
      tls,
      connections: 1,
      connectTimeoutMs: 5000,
      maxReceiveMessageBytes: MAX_BYTES,
      clock: createMonotonicClock(),
      llmTimeTrailer: 'x-none',
    },
    {
      onMessage: (_slot, bytes, start, end) => {
        onMessage(Buffer.from(bytes.subarray(start, end)));
        return true;
      },
      onEnd: (_slot, end) => onEnd(end),
    },
  );
  client.reserve(1);
  await client.connect(5000);
  return {
    call: (call) =>
      collect(call, (message, end) => {
        onMessage = message;
        onEnd = end;
        const timeoutMs = call.timeoutMs ?? DEFAULT_TIMEOUT_MS;
        client.start(0, {
          headers: client.headersFor(call.path, { timeoutMs }),
          body: frameMessage(call.request),
          timeoutNs: timeoutNs(timeoutMs),
          streaming: call.streaming ?? false,
        });
        return () => client.cancel(0);
      }),
    close: () => client.close(),
  };
}

export function openGrpcJs(address: string, tls: TlsConfig | null): RawClient {
  const clock = createMonotonicClock();
  const channel = new Channel(
    channelTarget(parseServerAddress(address)),
    channelCredentials(tls),
    channelOptions(tls, MAX_BYTES),
  );
  return {
    call: (call) =>
      collect(call, (message, onEnd) => {
        const timeoutMs = call.timeoutMs ?? DEFAULT_TIMEOUT_MS;
        const metadata = new Metadata();
        metadata.set('grpc-timeout', `${timeoutMs}m`);
        const context = {
          path: call.path,
          streaming: call.streaming ?? false,
          timeoutMs,
          metadata,
          read: message,
          facts: emptyFacts(),
          end: { grpcStatus: 0, statusMessage: '', origin: 'server' as const, llmTimeUs: NaN },
          events: {
            onMessage: () => undefined,
            onEnd: (_slot: number, _atNs: number, end: CallEnd) => onEnd(end),
          },
          nowNs: () => clock.nowNs(),
        };
        const started = new GrpcJsCall(context, 0, () => undefined);
        started.start(channel, call.request);
        return () => started.cancel();
      }),
    close: () => channel.close(),
  };
}

/** Starts a call and waits for its end, and a little longer for a second one that must not come. */
function collect(
  call: RawCall,
  start: (onMessage: (bytes: Buffer) => void, onEnd: (end: CallEnd) => void) => () => void,
): Promise<RawResult> {
  return new Promise((resolve, reject) => {
    const messages: Buffer[] = [];
    let ends = 0;
    const cancel = start(
      (bytes) => {
        messages.push(bytes);
        if (messages.length === call.cancelAfter) setImmediate(() => cancel());
      },
      ({ grpcStatus: code, statusMessage: text }) => {
        ends += 1;
        setImmediate(() => {
          if (ends === 1) resolve({ code, text, messages });
          else reject(new Error(`a call ended ${ends} times`));
        });
      },
    );
    if (call.cancelAfter === 0) cancel();
  });
}
