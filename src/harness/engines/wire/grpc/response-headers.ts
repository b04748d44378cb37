// Response headers and trailers as the few facts that a call needs, read straight from the bytes. Servers repeat
// themselves: a block equal to the last one, byte for byte, is not decoded again.

import type { BlockReader } from '../http2/connection-ports.ts';
import type { HeaderBlock } from '../http2/header-assembler.ts';
import { MAX_HEADER_BLOCK_BYTES } from '../http2/client-greeting.ts';
import { DEFAULT_HEADER_TABLE_BYTES } from '../http2/protocol.ts';
import { type FieldSink, HpackDecoder, type HeaderField } from '../hpack/decoder.ts';
import { byteAt, viewOf } from '../typed-access.ts';
import { percentDecode } from './percent-decode.ts';
import { STATUS } from './status.ts';

/** One header list. Two instances are reused, one for headers and one for trailers: read at once, never keep. */
export interface ResponseHeaders {
  /** 0 when there was no :status, as in trailers. */
  httpStatus: number;
  /** content-type is gRPC's. */
  grpcContent: boolean;
  /** Of a content type that is not gRPC's; '' otherwise. */
  foreignContentType: string;
  /** -1 when absent. */
  grpcStatus: number;
  grpcMessage: string;
  /** grpc-encoding when it is not identity; '' otherwise. */
  encoding: string;
  /** LLM time that the target stamped, µs; NaN when absent. */
  llmTimeUs: number;
}

function emptyHeaders(): ResponseHeaders {
  return {
    httpStatus: 0,
    grpcContent: false,
    foreignContentType: '',
    grpcStatus: -1,
    grpcMessage: '',
    encoding: '',
    llmTimeUs: NaN,
  };
}

const STATUS_NAME = Buffer.from(':status');
const GRPC_STATUS_NAME = Buffer.from('grpc-status');
const CONTENT_TYPE_NAME = Buffer.from('content-type');
const GRPC_MESSAGE_NAME = Buffer.from('grpc-message');
const ENCODING_NAME = Buffer.from('grpc-encoding');
const GRPC_CONTENT_TYPE = Buffer.from('application/grpc');
const IDENTITY = Buffer.from('identity');
/** Longer blocks are not worth comparing; they are decoded each time. */
const MAX_REMEMBERED_BYTES = 512;
const MAX_MESSAGE_CHARS = 2000;
const PLUS = 0x2b;
const SEMICOLON = 0x3b;

const WORD_BYTES = 4;

/** The last block of one kind and what it said. Compared word by word: this is done twice for every call. */
class RememberedBlock {
  readonly headers = emptyHeaders();
  readonly #bytes = Buffer.alloc(MAX_REMEMBERED_BYTES);
  readonly #view = viewOf(this.#bytes);
  #length = -1;
  /** Where the last block was found: nearly always the one buffer into which the socket reads. */
  #foundIn: Buffer = this.#bytes;
  #foundInView = this.#view;

  matches(block: HeaderBlock): boolean {
    const { start } = block;
    const length = block.end - start;
    if (length !== this.#length) return false;
    if (block.bytes !== this.#foundIn) this.#lookInto(block.bytes);
    const known = this.#view;
    const found = this.#foundInView;
    let at = 0;
    for (; at + WORD_BYTES <= length; at += WORD_BYTES) {
      if (known.getInt32(at) !== found.getInt32(start + at)) return false;
    }
    for (; at < length; at += 1) {
      if (known.getInt8(at) !== found.getInt8(start + at)) return false;
    }
    return true;
  }

  #lookInto(bytes: Buffer): void {
    this.#foundIn = bytes;
    this.#foundInView = viewOf(bytes);
  }

  remember(block: HeaderBlock): void {
    this.#length = block.end - block.start;
    block.bytes.copy(this.#bytes, 0, block.start, block.end);
  }

  forget(): void {
    this.#length = -1;
    Object.assign(this.headers, emptyHeaders());
  }
}

export class ResponseHeaderReader implements BlockReader<ResponseHeaders>, FieldSink {
  readonly #decoder = new HpackDecoder(DEFAULT_HEADER_TABLE_BYTES, MAX_HEADER_BLOCK_BYTES);
  readonly #initial = new RememberedBlock();
  readonly #trailing = new RememberedBlock();
  readonly #llmTimeName: Buffer;
  #headers: ResponseHeaders = this.#initial.headers;
  #decoded = 0;

  /** `llmTimeTrailer`: lower-case name of the trailer that carries the LLM time. */
  constructor(llmTimeTrailer: string) {
    this.#llmTimeName = Buffer.from(llmTimeTrailer, 'latin1');
  }

  /** Blocks that had to be decoded. */
  get decoded(): number {
    return this.#decoded;
  }

  settingsAcknowledged(): void {
    this.#decoder.limitTable(0);
  }

  read(block: HeaderBlock): ResponseHeaders {
    const remembered = block.endStream ? this.#trailing : this.#initial;
    if (remembered.matches(block)) return remembered.headers;
    remembered.forget();
    this.#headers = remembered.headers;
    this.#decoded += 1;
    this.#decoder.decode(block.bytes, block.start, block.end, this);
    const small = block.end - block.start <= MAX_REMEMBERED_BYTES;
    if (small && this.#decoder.lastBlockStateless) remembered.remember(block);
    return remembered.headers;
  }

  onField(field: HeaderField): void {
    const headers = this.#headers;
    switch (field.nameEnd - field.nameStart) {
      case STATUS_NAME.length:
        if (nameIs(field, STATUS_NAME)) headers.httpStatus = numberOf(field);
        break;
      case GRPC_STATUS_NAME.length:
        if (nameIs(field, GRPC_STATUS_NAME)) headers.grpcStatus = statusOf(field);
        break;
      case CONTENT_TYPE_NAME.length: // grpc-message has as many letters.
        if (nameIs(field, CONTENT_TYPE_NAME)) readContentType(field, headers);
        else if (nameIs(field, GRPC_MESSAGE_NAME)) headers.grpcMessage = messageOf(field);
        break;
      case ENCODING_NAME.length:
        if (nameIs(field, ENCODING_NAME) && !valueIs(field, IDENTITY))
          headers.encoding = textOf(field);
        break;
      default:
    }
    if (nameIs(field, this.#llmTimeName)) headers.llmTimeUs = numberOf(field);
  }
}

function nameIs(field: HeaderField, name: Buffer): boolean {
  return (
    field.nameEnd - field.nameStart === name.length && startsWith(field.name, field.nameStart, name)
  );
}

function valueIs(field: HeaderField, value: Buffer): boolean {
  return (
    field.valueEnd - field.valueStart === value.length &&
    startsWith(field.value, field.valueStart, value)
  );
}

function startsWith(bytes: Buffer, at: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    if (byteAt(bytes, at + index) !== byteAt(wanted, index)) return false;
  }
  return true;
}

function readContentType(field: HeaderField, headers: ResponseHeaders): void {
  const length = field.valueEnd - field.valueStart;
  const known = GRPC_CONTENT_TYPE.length;
  const after = length > known ? byteAt(field.value, field.valueStart + known) : SEMICOLON;
  headers.grpcContent =
    length >= known &&
    startsWith(field.value, field.valueStart, GRPC_CONTENT_TYPE) &&
    (after === SEMICOLON || after === PLUS);
  if (!headers.grpcContent) headers.foreignContentType = textOf(field);
}

/** NaN when it is no plain decimal number. */
function numberOf(field: HeaderField): number {
  let value = field.valueEnd > field.valueStart ? 0 : NaN;
  for (let at = field.valueStart; at < field.valueEnd; at += 1) {
    const digit = byteAt(field.value, at) - 0x30;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

function statusOf(field: HeaderField): number {
  const status = numberOf(field);
  return Number.isNaN(status) ? STATUS.unknown : status;
}

function textOf(field: HeaderField): string {
  const end = Math.min(field.valueEnd, field.valueStart + MAX_MESSAGE_CHARS);
  return field.value.toString('latin1', field.valueStart, end);
}

function messageOf(field: HeaderField): string {
  const end = Math.min(field.valueEnd, field.valueStart + MAX_MESSAGE_CHARS);
  return percentDecode(field.value.subarray(field.valueStart, end));
}
