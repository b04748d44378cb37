// A call as bytes, made once and sent any number of times: header list, and body with gRPC's five-byte prefix.

import { type HeaderList, headerList } from '../hpack/encoder.ts';
import { writeUint32 } from '../typed-access.ts';
import { PREFIX_BYTES } from './message-reader.ts';

export interface GrpcRequest {
  /** Known by identity: connections keep its encoding. Share it among requests that differ in their body only. */
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** Infinity: no deadline. */
  readonly timeoutNs: number;
  /** False: exactly one message is a correct answer. */
  readonly streaming: boolean;
}

export interface HeaderOptions {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** 0 or less: no deadline. */
  readonly timeoutMs: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export const USER_AGENT = 'loombench-wire/1';

const NS_PER_MS = 1_000_000;
const MAX_TIMEOUT_DIGITS_VALUE = 99_999_999;

export function requestHeaders(options: HeaderOptions): HeaderList {
  const deadline =
    options.timeoutMs > 0 ? [['grpc-timeout', formatTimeout(options.timeoutMs)] as const] : [];
  return headerList([
    [':method', 'POST'],
    [':scheme', options.scheme],
    [':path', options.path],
    [':authority', options.authority],
    ['te', 'trailers'],
    ['content-type', 'application/grpc'],
    ['user-agent', USER_AGENT],
    ...deadline,
    ...Object.entries(options.metadata).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    ),
  ]);
}

/** grpc-timeout: at most eight digits and a unit, rounded up so that the server never gives up first by rounding. */
export function formatTimeout(timeoutMs: number): string {
  const timeoutUs = Math.ceil(timeoutMs * 1000);
  if (timeoutUs <= MAX_TIMEOUT_DIGITS_VALUE && timeoutUs % 1000 !== 0) return `${timeoutUs}u`;
  const whole = Math.ceil(timeoutMs);
  if (whole <= MAX_TIMEOUT_DIGITS_VALUE) return `${whole}m`;
  return `${Math.min(Math.ceil(timeoutMs / 1000), MAX_TIMEOUT_DIGITS_VALUE)}S`;
}

export function timeoutNs(timeoutMs: number): number {
  return timeoutMs > 0 ? timeoutMs * NS_PER_MS : Infinity;
}

/** The message with its prefix, uncompressed. */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(PREFIX_BYTES + message.length);
  writeUint32(framed, 1, message.length);
  framed.set(message, PREFIX_BYTES);
  return framed;
}
