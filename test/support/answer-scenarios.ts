// What a server can do to a call, byte by byte, and what a gRPC client must make of it: the expectations come from the
// specifications (RFC 9113, gRPC over HTTP/2). Where grpc-js is known to say otherwise, that is written beside it.

import {
  ANSWER_FIELDS,
  answer,
  block,
  data,
  END_HEADERS,
  END_STREAM,
  type Fields,
  frame,
  goaway,
  grpcMessage,
  headers,
  PADDED,
  PRIORITY,
  rstStream,
  trailers,
  TYPE,
  uint32,
  weaveAnswer,
  weaveProgress,
} from './http2-frames.ts';
import type { Script, ScriptedPeer } from './scripted-server.ts';

export interface ExpectedEnd {
  readonly code: number;
  /** Messages that arrived; default 0 for a failure, 1 for OK. */
  readonly messages?: number;
  /** The whole status message, where the server said it. */
  readonly text?: string;
  /** The client's own words, where this side has to explain. */
  readonly says?: RegExp;
}

export interface AnswerScenario {
  readonly what: string;
  readonly script: Script;
  readonly streaming?: boolean;
  readonly timeoutMs?: number;
  /** Of each call, all started together. Default: one call. */
  readonly ends: readonly ExpectedEnd[];
  /** Where grpc-js differs: its codes, and why that is no fault of ours. */
  readonly grpcJs?: { readonly codes: readonly number[] | 'not compared'; readonly why: string };
}

const OK: ExpectedEnd = { code: 0, messages: 1, text: '' };

/** Answers each request with these bytes. */
function saying(...make: ((streamId: number) => Buffer)[]): Script {
  return { onRequest: (peer, id) => peer.send(...make.map((one) => one(id))) };
}

function whenAll(count: number, then: (peer: ScriptedPeer, ids: number[]) => void): Script {
  const idsOf = new WeakMap<ScriptedPeer, number[]>();
  return {
    onRequest: (peer, id) => {
      const ids = idsOf.get(peer) ?? [];
      idsOf.set(peer, ids);
      ids.push(id);
      if (ids.length === count) then(peer, ids);
    },
  };
}

function continued(streamId: number, flags: number, fields: Fields): Buffer {
  const bytes = block(fields);
  const third = Math.floor(bytes.length / 3);
  return Buffer.concat([
    frame(TYPE.headers, flags, streamId, bytes.subarray(0, third)),
    frame(TYPE.continuation, 0, streamId, bytes.subarray(third, third)),
    frame(TYPE.continuation, 0, streamId, bytes.subarray(third, 2 * third)),
    frame(TYPE.continuation, END_HEADERS, streamId, bytes.subarray(2 * third)),
  ]);
}

function padded(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const padding = 17;
  const bytes = Buffer.concat([Buffer.of(padding), payload, Buffer.alloc(padding)]);
  return frame(type, flags | PADDED, streamId, bytes);
}

const MESSAGE = grpcMessage(weaveAnswer('hello'));
const PROGRESS = grpcMessage(weaveProgress('hello'));

const WHOLE: AnswerScenario[] = [
  { what: 'an answer in one write', script: saying((id) => answer(id)), ends: [OK] },
  {
    what: 'an answer byte by byte',
    script: { onRequest: (peer, id) => void peer.sendSplit(answer(id), 1) },
    ends: [OK],
  },
  {
    what: 'twenty answers in one write',
    script: whenAll(20, (peer, ids) => peer.send(...ids.map((id) => answer(id)))),
    ends: new Array<ExpectedEnd>(20).fill(OK),
  },
  {
    what: 'twenty answers in reverse and interleaved',
    script: whenAll(20, (peer, ids) => {
      const reversed = ids.toReversed();
      peer.send(...reversed.map((id) => headers(id)));
      peer.send(...ids.map((id) => data(id, MESSAGE)));
      peer.send(...reversed.map((id) => trailers(id)));
    }),
    ends: new Array<ExpectedEnd>(20).fill(OK),
  },
  {
    what: 'headers and trailers with CONTINUATION, one of them empty',
    script: saying(
      (id) => continued(id, 0, ANSWER_FIELDS),
      (id) => data(id, MESSAGE),
      (id) => continued(id, END_STREAM, { 'grpc-status': 0, 'x-long': 'v'.repeat(500) }),
    ),
    ends: [OK],
  },
  {
    what: 'padding on every frame, and a priority',
    script: saying(
      (id) =>
        padded(
          TYPE.headers,
          END_HEADERS | PRIORITY,
          id,
          Buffer.concat([uint32(0), Buffer.of(16), block(ANSWER_FIELDS)]),
        ),
      (id) => padded(TYPE.data, 0, id, MESSAGE),
      (id) => padded(TYPE.headers, END_HEADERS | END_STREAM, id, block({ 'grpc-status': 0 })),
    ),
    ends: [OK],
  },
  {
    what: 'informational headers before the answer',
    script: saying(
      (id) => headers(id, { ':status': 103 }),
      (id) => answer(id),
    ),
    ends: [OK],
  },
  {
    what: 'a message cut into DATA frames of one byte, empty ones between',
    script: saying(
      (id) => headers(id),
      (id) =>
        Buffer.concat(
          [...MESSAGE].flatMap((byte) => [data(id, Buffer.of(byte)), data(id, Buffer.alloc(0))]),
        ),
      (id) => trailers(id),
    ),
    ends: [OK],
  },
  {
    what: 'five messages in one DATA frame, the last cut off into the next',
    streaming: true,
    script: saying(
      (id) => headers(id),
      (id) =>
        data(id, Buffer.concat([PROGRESS, PROGRESS, PROGRESS, PROGRESS, PROGRESS.subarray(0, 3)])),
      (id) => data(id, PROGRESS.subarray(3)),
      (id) => trailers(id),
    ),
    ends: [{ code: 0, messages: 5, text: '' }],
  },
  {
    what: 'unknown frames, PRIORITY and unknown settings in between',
    script: saying(
      (id) => frame(0xfa, 0xff, id, Buffer.from('?')),
      (id) => frame(TYPE.priority, 0, id, Buffer.concat([uint32(0), Buffer.of(1)])),
      () => frame(TYPE.settings, 0, 0, Buffer.from('ff0000000001', 'hex')),
      (id) => answer(id),
    ),
    ends: [OK],
  },
];

const STATUSES: AnswerScenario[] = [
  {
    what: 'a status without headers (trailers-only)',
    script: saying((id) =>
      trailers(id, { ...ANSWER_FIELDS, 'grpc-status': 5, 'grpc-message': 'not here' }),
    ),
    ends: [{ code: 5, text: 'not here' }],
  },
  {
    what: 'a status after the message',
    script: saying((id) => answer(id, 'a', { 'grpc-status': 9, 'grpc-message': 'late' })),
    ends: [{ code: 9, messages: 1, text: 'late' }],
  },
  {
    what: 'a percent-encoded message',
    script: saying((id) =>
      trailers(id, {
        ...ANSWER_FIELDS,
        'grpc-status': 2,
        'grpc-message':
          '%09%0Atest with whitespace%0D%0A and Unicode BMP %E2%98%BA and %F0%9F%98%88 50%25',
      }),
    ),
    ends: [{ code: 2, text: '\t\ntest with whitespace\r\n and Unicode BMP ☺ and 😈 50%' }],
  },
  {
    what: 'a message with a broken escape, kept as it is',
    script: saying((id) =>
      trailers(id, { ...ANSWER_FIELDS, 'grpc-status': 2, 'grpc-message': '100% of %zz' }),
    ),
    ends: [{ code: 2, text: '100% of %zz' }],
  },
  {
    what: 'a grpc-status that is no number',
    script: saying((id) => trailers(id, { ...ANSWER_FIELDS, 'grpc-status': 'abc' })),
    ends: [{ code: 2 }],
    grpcJs: { codes: 'not compared', why: 'it hands NaN up as the code' },
  },
  {
    what: 'trailers without a grpc-status',
    script: saying(
      (id) => headers(id),
      (id) => data(id, MESSAGE),
      (id) => trailers(id, { x: 1 }),
    ),
    ends: [{ code: 2, messages: 1, says: /no grpc-status/ }],
  },
  {
    what: 'an OK unary call without a message',
    script: saying(
      (id) => headers(id),
      (id) => trailers(id),
    ),
    ends: [{ code: 12, says: /no message/i }],
  },
  {
    what: 'two messages of a unary call',
    script: saying(
      (id) => headers(id),
      (id) => data(id, MESSAGE),
      (id) => data(id, MESSAGE),
      (id) => trailers(id),
    ),
    ends: [{ code: 12, messages: 1 }],
  },
  {
    what: 'an OK stream without messages',
    streaming: true,
    script: saying(
      (id) => headers(id),
      (id) => trailers(id),
    ),
    ends: [{ code: 0, messages: 0, text: '' }],
  },
  {
    what: 'an end without trailers',
    script: saying(
      (id) => headers(id),
      (id) => data(id, MESSAGE, END_STREAM),
    ),
    ends: [{ code: 13, messages: 1, says: /without trailers/ }],
  },
  {
    what: 'an OK end inside a message',
    script: saying(
      (id) => headers(id),
      (id) => data(id, MESSAGE.subarray(0, 9)),
      (id) => trailers(id),
    ),
    ends: [{ code: 13, says: /inside a message/ }],
    grpcJs: { codes: [12], why: 'it drops the half message and then misses one' },
  },
  {
    what: 'a compressed message without an encoding',
    script: saying(
      (id) => headers(id),
      (id) => data(id, grpcMessage(weaveAnswer('a'), 1)),
      (id) => trailers(id),
    ),
    ends: [{ code: 13, says: /compressed/ }],
    grpcJs: { codes: 'not compared', why: 'it takes the flag for identity' },
  },
  {
    what: 'a message that is no protobuf',
    script: saying(
      (id) => headers(id),
      (id) => data(id, grpcMessage(Buffer.from('0affff', 'hex'))),
      (id) => trailers(id),
    ),
    ends: [{ code: 13 }],
  },
  {
    what: 'silence until the deadline',
    timeoutMs: 100,
    script: {},
    ends: [{ code: 4, says: /^Deadline exceeded/ }],
  },
  {
    what: 'messages, then silence until the deadline',
    streaming: true,
    timeoutMs: 100,
    script: saying(
      (id) => headers(id),
      (id) => data(id, Buffer.concat([PROGRESS, PROGRESS])),
    ),
    ends: [{ code: 4, messages: 2 }],
  },
];

/** gRPC: "HTTP to gRPC Status Code Mapping". */
const HTTP_CODES: readonly (readonly [http: number, grpc: number])[] = [
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
  [500, 2],
  [418, 2],
];

const HTTP: AnswerScenario[] = HTTP_CODES.flatMap(([http, grpc]) => {
  const fields = { ':status': http, 'content-type': 'text/plain' };
  const says = new RegExp(`HTTP ${http}, text/plain: "upstream is busy"`);
  return [
    {
      what: `HTTP ${http} with a text`,
      script: saying(
        (id) => headers(id, fields),
        (id) => data(id, Buffer.from('upstream is busy'), END_STREAM),
      ),
      ends: [{ code: grpc, says }],
    },
    {
      what: `HTTP ${http} in one HEADERS frame`,
      script: saying((id) => trailers(id, fields)),
      ends: [{ code: grpc, says: new RegExp(`HTTP ${http}`) }],
    },
  ];
});

/** gRPC over HTTP/2, "Errors"; codes without a line there are INTERNAL. */
const RESET_CODES = [13, 13, 13, 13, 13, 13, 13, 14, 1, 13, 13, 8, 7, 13, 13];

const RESETS: AnswerScenario[] = RESET_CODES.flatMap((grpc, code) => [
  {
    what: `RST_STREAM with code ${code} at once`,
    script: saying((id) => rstStream(id, code)),
    ends: [{ code: grpc }],
  },
  {
    what: `RST_STREAM with code ${code} after two messages`,
    streaming: true,
    script: saying(
      (id) => headers(id),
      (id) => data(id, Buffer.concat([PROGRESS, PROGRESS])),
      (id) => rstStream(id, code),
    ),
    ends: [{ code: grpc, messages: 2 }],
  },
]);

const CONNECTIONS: AnswerScenario[] = [
  {
    what: 'GOAWAY above one stream and below two',
    script: whenAll(3, (peer, [first = 0]) => {
      peer.send(goaway(first, 0, 'bye'));
      peer.send(answer(first));
    }),
    ends: [OK, { code: 14, says: /GOAWAY \(NO_ERROR, "bye"\)/ }, { code: 14 }],
  },
  {
    what: 'GOAWAY with an error for all streams',
    script: whenAll(2, (peer) => peer.send(goaway(0, 11, 'too_many_pings'))),
    ends: [{ code: 14, says: /ENHANCE_YOUR_CALM/ }, { code: 14 }],
    grpcJs: {
      codes: 'not compared',
      why: 'it ends them with the code of the GOAWAY, not as unprocessed',
    },
  },
  {
    what: 'a graceful GOAWAY in two steps, all answered in between',
    script: whenAll(3, (peer, ids) => {
      peer.send(goaway(0x7fffffff), ...ids.map((id) => answer(id)), goaway(Math.max(...ids)));
    }),
    ends: [OK, OK, OK],
  },
  {
    what: 'the connection cut at once',
    script: whenAll(3, (peer) => peer.socket.destroy()),
    ends: [{ code: 14 }, { code: 14 }, { code: 14 }],
  },
  {
    what: 'the connection cut inside a stream, its messages kept',
    streaming: true,
    script: {
      onRequest: (peer, id) => {
        const half = Buffer.concat([PROGRESS, PROGRESS, PROGRESS.subarray(0, 7)]);
        peer.socket.end(Buffer.concat([headers(id), data(id, half)]));
      },
    },
    ends: [{ code: 14, messages: 2 }],
  },
];

export const ANSWER_SCENARIOS: readonly AnswerScenario[] = [
  ...WHOLE,
  ...STATUSES,
  ...HTTP,
  ...RESETS,
  ...CONNECTIONS,
];
