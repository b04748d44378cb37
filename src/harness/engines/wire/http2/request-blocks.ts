// Request headers as ready HEADERS frames, per connection: encoded when first needed and again only when the server's
// table changed under them.

import { HpackEncoder, type HeaderList } from '../hpack/encoder.ts';
import { writeUint24, writeUint32 } from '../typed-access.ts';
import type { PeerSettings } from './peer-settings.ts';
import {
  DEFAULT_HEADER_TABLE_BYTES,
  DEFAULT_MAX_FRAME_BYTES,
  FLAG,
  FRAME,
  FRAME_HEADER_BYTES,
} from './protocol.ts';

interface EncodedBlock {
  version: number;
  frames: Buffer;
}

interface JoinedRequest {
  readonly headers: Buffer;
  readonly body: Buffer;
  readonly frames: Buffer;
}

/** Larger bodies are copied as they are: keeping them twice would save nothing. */
const MAX_JOINED_BODY_BYTES = 4096;
/** As many requests are kept joined: one per template of a load, most often. */
const MAX_JOINED = 1024;
const NO_BYTES = Buffer.alloc(0);

export class RequestBlocks {
  readonly #encoder = new HpackEncoder(DEFAULT_HEADER_TABLE_BYTES);
  readonly #encoded = new Map<HeaderList, EncodedBlock>();
  #lastHeaders: HeaderList | null = null;
  #last: EncodedBlock = { version: -1, frames: NO_BYTES };
  readonly #joined = new Map<Buffer, JoinedRequest>();
  #lastJoined: JoinedRequest = { headers: NO_BYTES, body: NO_BYTES, frames: NO_BYTES };

  onSettings(settings: PeerSettings): void {
    this.#encoder.limitTable(settings.headerTableBytes, settings.smallestHeaderTableBytes);
  }

  /** The frames for these headers; the caller patches the stream id. `headers` is known by identity. */
  framesFor(headers: HeaderList, streamId: number): Buffer {
    const version = this.#encoder.version;
    if (headers === this.#lastHeaders && this.#last.version === version) return this.#last.frames;
    let block = this.#encoded.get(headers);
    if (block?.version !== version) {
      const frames = framesOf(this.#encoder.encode(headers), streamId);
      // Frames that changed the table may be sent only once; with the version before, they are never found again.
      block = { version, frames };
      this.#encoded.set(headers, block);
    }
    this.#lastHeaders = headers;
    // Continued blocks carry the stream id in several places, so they are made anew each time.
    const reusable = block.frames.length <= FRAME_HEADER_BYTES + DEFAULT_MAX_FRAME_BYTES;
    this.#last = reusable ? block : { version: -1, frames: block.frames };
    if (!reusable) this.#encoded.delete(headers);
    return block.frames;
  }

  /**
   * The frames of `framesFor` and behind them the body's DATA frame with END_STREAM, to leave in one copy; null for a body
   * that is too large for that. `body` is known by identity.
   */
  joined(headers: Buffer, body: Buffer): Buffer | null {
    const last = this.#lastJoined;
    if (last.body === body && last.headers === headers) return last.frames;
    if (body.length > MAX_JOINED_BODY_BYTES) return null;
    let request = this.#joined.get(body);
    if (request?.headers !== headers) {
      const head = frameHeader(body.length, FRAME.data, FLAG.endStream);
      request = { headers, body, frames: Buffer.concat([headers, head, body]) };
      if (this.#joined.size >= MAX_JOINED) this.#joined.clear();
      this.#joined.set(body, request);
    }
    this.#lastJoined = request;
    return request.frames;
  }
}

function frameHeader(length: number, type: number, flags: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  writeUint24(header, 0, length);
  header[3] = type;
  header[4] = flags;
  return header;
}

function framesOf(block: Buffer, streamId: number): Buffer {
  const frames: Buffer[] = [];
  let at = 0;
  do {
    const end = Math.min(block.length, at + DEFAULT_MAX_FRAME_BYTES);
    const type = at === 0 ? FRAME.headers : FRAME.continuation;
    const header = frameHeader(end - at, type, end === block.length ? FLAG.endHeaders : 0);
    writeUint32(header, 5, streamId);
    frames.push(header, block.subarray(at, end));
    at = end;
  } while (at < block.length);
  return Buffer.concat(frames);
}
