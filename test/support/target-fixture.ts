// A real Loom target in this process and a real client of it, for tests over loopback.

import { credentials, Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import type { ProviderConfig } from '../../src/contract/config.ts';
import type { LoomServiceClient } from '../../src/protocol/generated/loom/v1/LoomService.ts';
import type { WeaveProgress__Output } from '../../src/protocol/generated/loom/v1/WeaveProgress.ts';
import type { WeaveRequest } from '../../src/protocol/generated/loom/v1/WeaveRequest.ts';
import type { WeaveResponse__Output } from '../../src/protocol/generated/loom/v1/WeaveResponse.ts';
import { createLoomClient } from '../../src/protocol/loom-service.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { LoomServer, type LoomServerOptions } from '../../src/target/loom-server.ts';
import { providerConfig } from './run-plans.ts';

export interface TargetFixture {
  readonly server: LoomServer;
  readonly client: LoomServiceClient;
  readonly address: string;
  stop(): Promise<void>;
}

export async function startTarget(
  llm: Partial<ProviderConfig> = {},
  options: Partial<LoomServerOptions> = {},
): Promise<TargetFixture> {
  const server = new LoomServer({
    llm: providerConfig(llm),
    llmConcurrencyLimit: 0,
    numAgents: 1,
    seed: 42,
    clock: createMonotonicClock(),
    ...options,
  });
  const address = await server.listen('127.0.0.1', 0);
  const client = createLoomClient(address, credentials.createInsecure());
  return {
    server,
    client,
    address,
    stop: async () => {
      client.close();
      await server.stop();
    },
  };
}

/** How a call ended, with what it brought. `llmTimeUs` is null without the trailer. */
export interface Ended<Payload> {
  readonly payload: Payload;
  readonly code: number;
  readonly message: string;
  readonly llmTimeUs: number | null;
  readonly elapsedMs: number;
}

export interface CallLimits {
  readonly deadlineMs?: number;
  /** Called with a function that cancels the call. */
  readonly onStarted?: (cancel: () => void) => void;
}

export async function weave(
  client: LoomServiceClient,
  request: WeaveRequest,
  limits: CallLimits = {},
): Promise<Ended<WeaveResponse__Output | null>> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let payload: WeaveResponse__Output | null = null;
    const call = client.weave(
      request,
      new Metadata(),
      deadline(limits),
      (_error: ServiceError | null, response?: WeaveResponse__Output) => {
        payload = response ?? null;
      },
    );
    call.on('status', (status: StatusObject) => {
      // The callback with the payload runs after the status event.
      setImmediate(() => resolve(ended(status, payload, startedMs)));
    });
    limits.onStarted?.(() => call.cancel());
  });
}

export interface TimedMessage {
  readonly atMs: number;
  readonly message: WeaveProgress__Output;
}

export async function streamWeave(
  client: LoomServiceClient,
  request: WeaveRequest,
  limits: CallLimits = {},
): Promise<Ended<TimedMessage[]>> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const messages: TimedMessage[] = [];
    const call = client.streamWeave(request, new Metadata(), deadline(limits));
    call.on('data', (message: WeaveProgress__Output) => {
      messages.push({ atMs: performance.now() - startedMs, message });
    });
    call.on('error', () => undefined);
    call.on('status', (status: StatusObject) => resolve(ended(status, messages, startedMs)));
    limits.onStarted?.(() => call.cancel());
  });
}

/** `concurrency` workers that call until `count` calls are done. */
export async function closedLoop<Result>(
  concurrency: number,
  count: number,
  call: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await call(index);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** Polls until the condition holds; for effects that cross the network without an answer. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const giveUpAtMs = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > giveUpAtMs) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function deadline(limits: CallLimits): { deadline?: Date } {
  return limits.deadlineMs === undefined
    ? {}
    : { deadline: new Date(Date.now() + limits.deadlineMs) };
}

function ended<Payload>(status: StatusObject, payload: Payload, startedMs: number): Ended<Payload> {
  const [stamp] = status.metadata.get('x-loombench-llm-us');
  return {
    payload,
    code: status.code,
    message: status.details,
    llmTimeUs: stamp === undefined ? null : Number(stamp),
    elapsedMs: performance.now() - startedMs,
  };
}
