// The connection under servers that are right but unusual, and under servers that are wrong: calls end once and say why.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  ACK,
  answer,
  block,
  data,
  END_HEADERS,
  frame,
  goaway,
  grpcMessage,
  headers,
  PADDED,
  settings,
  trailers,
  TYPE,
  uint32,
  weaveAnswer,
} from '../../../support/http2-frames.ts';
import type { ScriptedPeer } from '../../../support/scripted-server.ts';
import { clock, isPending, until, WireFixtures } from '../../../support/wire-fixture.ts';

const INITIAL_WINDOW = 4;
const MAX_STREAMS = 3;
const fixtures = new WireFixtures();

afterEach(() => fixtures.clean());

function peerOf(server: { readonly peers: readonly ScriptedPeer[] }, index = 0): ScriptedPeer {
  const peer = server.peers[index];
  assert.ok(peer);
  return peer;
}

const BIG = { query: 'q'.repeat(100_000), sessionId: '', agentId: '' };

describe('wire connection: reading', () => {
  it('reads an answer the same wherever two reads cut it', async () => {
    const whole = answer(1);
    let cut = 0;
    const { probe } = await fixtures.connected({
      onRequest: (peer, id) => {
        const bytes = answer(id);
        peer.send(bytes.subarray(0, cut));
        setImmediate(() => peer.send(bytes.subarray(cut)));
      },
    });
    for (cut = 1; cut < whole.length; cut += 1) {
      const { end, messages } = await probe.call();
      assert.deepEqual([end.grpcStatus, messages.length], [0, 1], `cut at ${cut}`);
    }
  });

  it('answers a PING with its bytes', async () => {
    const { server } = await fixtures.connected({});
    const peer = peerOf(server);
    peer.send(frame(TYPE.ping, 0, 0, Buffer.from('12345678')));
    const { payload } = await peer.seen(({ type, flags }) => type === TYPE.ping && flags === ACK);
    assert.equal(payload.toString(), '12345678');
  });

  it('carries on through thousands of PINGs that come as fast as they are answered', async () => {
    const { server, probe } = await fixtures.connected({
      onRequest: (peer, id) => peer.send(answer(id)),
    });
    const peer = peerOf(server);
    for (let round = 0; round < 50; round += 1) {
      const before = peer.frames.length;
      peer.send(...new Array<Buffer>(100).fill(frame(TYPE.ping, 0, 0, Buffer.alloc(8))));
      await until(() => peer.frames.length >= before + 100);
    }
    assert.equal((await probe.call()).end.grpcStatus, 0);
  });

  it('ends a connection that floods it with PINGs and reads no answer, by name', async () => {
    const { server, probe } = await fixtures.connected({});
    const call = probe.call();
    const peer = peerOf(server);
    await peer.seen(({ type }) => type === TYPE.headers);
    peer.socket.pause();
    const flood = Buffer.concat(
      new Array<Buffer>(5000).fill(frame(TYPE.ping, 0, 0, Buffer.alloc(8))),
    );
    for (let count = 0; count < 20; count += 1) peer.send(flood);
    const { end } = await call;
    assert.equal(end.grpcStatus, 14);
    assert.match(end.statusMessage, /PING frame .* flood/);
  });

  it('keeps a stream open for gigabytes by refilling its windows', async () => {
    const message = grpcMessage(weaveAnswer(''));
    const padding = Buffer.concat([Buffer.of(255), message, Buffer.alloc(255)]);
    const { server, probe } = await fixtures.connected(
      {
        onRequest: (peer, id) => {
          peer.send(headers(id));
          const chunk = Buffer.concat(
            new Array<Buffer>(1000).fill(frame(TYPE.data, PADDED, id, padding)),
          );
          // 80 chunks of 262 kB: more than the 16 MiB that a stream may get without a refill.
          for (let count = 0; count < 80; count += 1) peer.send(chunk);
          peer.send(trailers(id));
        },
      },
      { streaming: true },
    );
    const { end, messages } = await probe.call();
    assert.equal(end.grpcStatus, 0, end.statusMessage);
    assert.equal(messages.length, 80_000);
    const refills = peerOf(server).frames.filter(
      ({ type, streamId }) => type === TYPE.windowUpdate && streamId === 1,
    );
    assert.ok(refills.length >= 1 && refills.length <= 5, `${refills.length} refills`);
  });
});

describe("wire connection: the server's windows and limits", () => {
  it('sends no more than the stream window, and goes on as it opens', async () => {
    const { server, probe } = await fixtures.connected(
      {
        settings: [[INITIAL_WINDOW, 1000]],
        onConnection: (peer) => peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(1_000_000))),
        onRequest: (peer, id) => peer.send(answer(id)),
      },
      { templates: [BIG] },
    );
    const peer = peerOf(server);
    const call = probe.call();
    await until(() => peer.received.get(1) === 1000);
    peer.send(frame(TYPE.windowUpdate, 0, 1, uint32(500)));
    await until(() => peer.received.get(1) === 1500);
    assert.equal(await isPending(call), true);
    // Lowering the initial window takes from open streams, too: 1500 - 900 means 600 to earn before a byte may leave.
    peer.send(settings([[INITIAL_WINDOW, 100]]), frame(TYPE.windowUpdate, 0, 1, uint32(901)));
    await until(() => peer.received.get(1) === 1501);
    peer.send(settings([[INITIAL_WINDOW, 200_000]]));
    assert.equal((await call).end.grpcStatus, 0);
  });

  it('sends even a small request in pieces when the window is smaller', async () => {
    const { server, probe } = await fixtures.connected({
      settings: [[INITIAL_WINDOW, 3]],
      onRequest: (peer, id) => peer.send(answer(id)),
    });
    const peer = peerOf(server);
    const call = probe.call();
    await until(() => peer.received.get(1) === 3);
    peer.send(frame(TYPE.windowUpdate, 0, 1, uint32(1)));
    await until(() => peer.received.get(1) === 4);
    peer.send(settings([[INITIAL_WINDOW, 65_535]]));
    assert.equal((await call).end.grpcStatus, 0);
    // The next one fits and leaves whole.
    assert.equal((await probe.call()).end.grpcStatus, 0);
    const { received } = peer;
    assert.equal(received.get(3), received.get(1));
  });

  it("shares the connection's window among streams", async () => {
    const { server, probe } = await fixtures.connected(
      {
        settings: [[INITIAL_WINDOW, 1_000_000]],
        onRequest: (peer, id) => peer.send(answer(id)),
      },
      { templates: [BIG], slots: 3 },
    );
    const peer = peerOf(server);
    const sum = (): number => [...peer.received.values()].reduce((a, b) => a + b, 0);
    const calls = [0, 1, 2].map((slot) => probe.call(slot));
    await until(() => sum() === 65_535);
    peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(300_000)));
    for (const { end } of await Promise.all(calls)) assert.equal(end.grpcStatus, 0);
  });

  it('never sends DATA larger than the frame size, by default 16384', async () => {
    const { server, probe } = await fixtures.connected(
      {
        settings: [[INITIAL_WINDOW, 1_000_000]],
        onConnection: (peer) => peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(1_000_000))),
        onRequest: (peer, id) => peer.send(answer(id)),
      },
      { templates: [BIG] },
    );
    assert.equal((await probe.call()).end.grpcStatus, 0);
    const sizes = peerOf(server)
      .frames.filter(({ type }) => type === TYPE.data)
      .map(({ payload }) => payload.length);
    assert.equal(Math.max(...sizes), 16_384);
  });

  it('ends a call whose answer came before its request was out, and resets the rest of the request', async () => {
    const { server, probe } = await fixtures.connected(
      {
        settings: [[INITIAL_WINDOW, 10]],
        onFrame: (peer, { type, streamId }) => {
          if (type === TYPE.headers)
            peer.send(
              trailers(streamId, {
                ':status': 200,
                'content-type': 'application/grpc',
                'grpc-status': 8,
                'grpc-message': 'too much',
              }),
            );
        },
      },
      { templates: [BIG] },
    );
    const { end } = await probe.call();
    assert.deepEqual([end.grpcStatus, end.statusMessage], [8, 'too much']);
    const reset = await peerOf(server).seen(({ type }) => type === TYPE.rstStream);
    assert.equal(reset.payload.readUInt32BE(0), 0);
  });

  it('survives a server that does not read: calls wait, then meet their deadlines', async () => {
    const { server, probe } = await fixtures.connected(
      {
        settings: [[INITIAL_WINDOW, 1_000_000]],
        onConnection: (peer) => peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(0x7000_0000))),
      },
      { templates: [BIG], slots: 300, timeoutMs: 400 },
    );
    peerOf(server).socket.pause();
    const calls = await Promise.all(Array.from({ length: 300 }, (_, slot) => probe.call(slot)));
    assert.deepEqual(new Set(calls.map(({ end }) => end.grpcStatus)), new Set([4]));
    assert.deepEqual(new Set(probe.ends), new Set([1]));
  });

  it('queues what the stream limit does not let through on one connection, and counts it', async () => {
    let open = 0;
    let most = 0;
    const { probe, engine } = await fixtures.connected(
      {
        settings: [[MAX_STREAMS, 10]],
        onRequest: (peer, id) => {
          open += 1;
          most = Math.max(most, open);
          setTimeout(() => {
            open -= 1;
            peer.send(answer(id));
          }, 2);
        },
      },
      { slots: 100 },
    );
    const calls = await Promise.all(Array.from({ length: 100 }, (_, slot) => probe.call(slot)));
    assert.deepEqual(new Set(calls.map(({ end }) => end.grpcStatus)), new Set([0]));
    assert.equal(most, 10);
    const { connections, maxConcurrentStreams, locallyQueuedCalls } = engine.facts();
    assert.deepEqual(
      { connections, maxConcurrentStreams, locallyQueuedCalls },
      { connections: 1, maxConcurrentStreams: 10, locallyQueuedCalls: 90 },
    );
  });

  it('opens more connections for that when it may choose their number', async () => {
    const { probe, engine, server } = await fixtures.connected(
      {
        settings: [[MAX_STREAMS, 10]],
        onRequest: (peer, id) => setTimeout(() => peer.send(answer(id)), 30),
      },
      { slots: 100 },
      { connections: 0 },
    );
    for (let round = 0; round < 3; round += 1) {
      const calls = await Promise.all(Array.from({ length: 100 }, (_, slot) => probe.call(slot)));
      assert.deepEqual(new Set(calls.map(({ end }) => end.grpcStatus)), new Set([0]));
    }
    assert.ok(engine.facts().connections >= 10, `${engine.facts().connections} connections`);
    assert.equal(server.peers.length, engine.facts().connections);
  });

  it('obeys a limit that is lowered to nothing and raised again', async () => {
    const { probe, server } = await fixtures.connected({
      onRequest: (peer, id) => peer.send(answer(id)),
    });
    const peer = peerOf(server);
    assert.equal((await probe.call()).end.grpcStatus, 0);
    peer.send(settings([[MAX_STREAMS, 0]]));
    await until(
      () =>
        peer.frames.filter(({ type, flags }) => type === TYPE.settings && flags === ACK).length ===
        2,
    );
    const call = probe.call();
    peer.send(frame(TYPE.ping, 0, 0, Buffer.alloc(8)));
    await peer.seen(({ type, flags }) => type === TYPE.ping && flags === ACK);
    assert.equal(peer.frames.filter(({ type }) => type === TYPE.headers).length, 1);
    peer.send(settings([[MAX_STREAMS, 1]]));
    assert.equal((await call).end.grpcStatus, 0);
  });

  it('follows changes of the header table, which move its request blocks', async () => {
    const seen: number[] = [];
    const { probe, server } = await fixtures.connected({
      onFrame: (_peer, { type, payload }) => {
        if (type === TYPE.headers) seen.push(payload.length);
      },
      onRequest: (peer, id) => peer.send(answer(id)),
    });
    const peer = peerOf(server);
    for (let count = 0; count < 3; count += 1) await probe.call();
    peer.send(settings([[1, 0]]));
    await until(
      () =>
        peer.frames.filter(({ type, flags }) => type === TYPE.settings && flags === ACK).length ===
        2,
    );
    for (let count = 0; count < 3; count += 1) await probe.call();
    const [first = 0, second = 0, third = 0, update = 0, plain = 0, plainAgain = 0] = seen;
    assert.ok(second < first && third === second, 'indexed from the second on');
    assert.ok(plain > second && plainAgain === plain, 'literal without a table');
    assert.equal(update, plain + 1, 'the table size update is told once');
  });
});

const BROKEN: [string, (id: number) => Buffer, RegExp][] = [
  [
    'garbage',
    () => Buffer.from('this is no HTTP/2 at all, and long enough for a frame'),
    /longer than the 16384/,
  ],
  ['HTTP/1', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /frame/],
  [
    'broken HPACK',
    (id) => frame(TYPE.headers, END_HEADERS, id, Buffer.of(0x80)),
    /HEADERS frame on stream 1 .*no table entry 0/,
  ],
  [
    'a header block that another frame breaks up',
    (id) => Buffer.concat([frame(TYPE.headers, 0, id, block({ a: 1 })), data(id, Buffer.of(1))]),
    /DATA frame .*in the middle of the header block/,
  ],
  [
    'CONTINUATION out of nowhere',
    (id) => frame(TYPE.continuation, END_HEADERS, id),
    /CONTINUATION/,
  ],
  [
    'CONTINUATIONs without end',
    (id) =>
      Buffer.concat([
        frame(TYPE.headers, 0, id),
        ...new Array<Buffer>(70).fill(frame(TYPE.continuation, 0, id)),
      ]),
    /CONTINUATION .*bound/,
  ],
  [
    'a header block without bound',
    (id) =>
      Buffer.concat([
        frame(TYPE.headers, 0, id),
        ...new Array<Buffer>(5).fill(frame(TYPE.continuation, 0, id, Buffer.alloc(16_384))),
      ]),
    /CONTINUATION .*bound/,
  ],
  ['DATA on stream 0', () => data(0, Buffer.of(1)), /DATA frame on the connection/],
  [
    'DATA on a stream that never was',
    () => data(77, Buffer.of(1)),
    /DATA frame on stream 77 .*never opened/,
  ],
  ['HEADERS on an even stream', () => headers(2), /stream 2 .*never opened/],
  [
    'padding beyond the frame',
    (id) => frame(TYPE.data, PADDED, id, Buffer.of(5, 1)),
    /padding of 5 bytes/,
  ],
  ['PUSH_PROMISE', (id) => frame(TYPE.pushPromise, END_HEADERS, id, uint32(2)), /PUSH_PROMISE/],
  [
    'SETTINGS of 5 bytes',
    () => frame(TYPE.settings, 0, 0, Buffer.alloc(5)),
    /SETTINGS .*multiple of 6/,
  ],
  ['SETTINGS on a stream', (id) => frame(TYPE.settings, 0, id), /SETTINGS frame on stream 1/],
  [
    'SETTINGS with a window beyond 2^31-1',
    () => settings([[INITIAL_WINDOW, 0x80000000]]),
    /INITIAL_WINDOW_SIZE/,
  ],
  ['SETTINGS with a frame size below 16384', () => settings([[5, 100]]), /MAX_FRAME_SIZE 100/],
  ['a PING of 7 bytes', () => frame(TYPE.ping, 0, 0, Buffer.alloc(7)), /PING .*8 bytes/],
  [
    'a RST_STREAM of 3 bytes',
    (id) => frame(TYPE.rstStream, 0, id, Buffer.alloc(3)),
    /RST_STREAM .*4 bytes/,
  ],
  ['a GOAWAY of 7 bytes', () => frame(TYPE.goaway, 0, 0, Buffer.alloc(7)), /GOAWAY .*8 bytes/],
  [
    'a connection window of no increment',
    () => frame(TYPE.windowUpdate, 0, 0, uint32(0)),
    /WINDOW_UPDATE frame on the connection .*increment of 0/,
  ],
  [
    'a connection window beyond 2^31-1',
    () => frame(TYPE.windowUpdate, 0, 0, uint32(0x7fffffff)),
    /WINDOW_UPDATE .*beyond/,
  ],
  [
    'a stream window of no increment',
    (id) => frame(TYPE.windowUpdate, 0, id, uint32(0)),
    /WINDOW_UPDATE frame on stream 1 .*increment of 0/,
  ],
];

describe('wire connection: a server that breaks the protocol', () => {
  for (const [what, bytes, says] of BROKEN) {
    it(`ends the call once and names the frame: ${what}`, async () => {
      let broken = true;
      const { probe } = await fixtures.connected({
        onRequest: (peer, id) => {
          peer.send(broken ? bytes(id) : answer(id));
          broken = false;
        },
      });
      const { end } = await probe.call();
      assert.ok(end.grpcStatus === 14 || end.grpcStatus === 13, String(end.grpcStatus));
      assert.match(end.statusMessage, says);
      assert.equal(end.origin, 'client');
      // And the next one works, on a new connection where the old one could not go on.
      assert.equal((await probe.call()).end.grpcStatus, 0);
      assert.deepEqual(probe.ends, [2]);
    });
  }

  it('ignores late frames of streams that it has reset', async () => {
    const { probe, engine, server } = await fixtures.connected({}, { slots: 2 });
    const cancelled = probe.call(0);
    const peer = peerOf(server);
    await peer.seen(({ type }) => type === TYPE.data);
    engine.cancel(0);
    assert.equal((await cancelled).end.grpcStatus, 1);
    await peer.seen(({ type }) => type === TYPE.rstStream);
    const call = probe.call(1);
    await peer.seen(({ type, streamId }) => type === TYPE.data && streamId === 3);
    peer.send(answer(1), frame(TYPE.windowUpdate, 0, 1, uint32(0)), answer(3));
    assert.equal((await call).end.grpcStatus, 0);
    assert.deepEqual(probe.ends, [1, 1]);
  });
});

describe('wire connection: connecting and losing', () => {
  it('says so when a plaintext client meets a TLS server, and when the server speaks HTTP/1', async () => {
    for (const [greeting, says] of [
      [Buffer.from('15030100020246', 'hex'), /expects TLS/],
      [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /HTTP\/1, not HTTP\/2/],
    ] as const) {
      const server = await fixtures.serve({
        settings: null,
        onConnection: (peer) => peer.send(greeting),
      });
      await assert.rejects(fixtures.engine(server.address).connect(300), says);
    }
  });

  it('says so when the server accepts and stays silent', async () => {
    const server = await fixtures.serve({ settings: null });
    const engine = fixtures.engine(server.address, { connectTimeoutMs: 100 });
    await assert.rejects(engine.connect(350), /sent no SETTINGS within 100 ms/);
  });

  it('meets the deadline on a peer that is half open, and leaves that connection', async () => {
    const { probe, server, engine } = await fixtures.connected(
      { onRequest: (peer, id) => peer.number > 1 && peer.send(answer(id)) },
      { timeoutMs: 100 },
    );
    const { end, tookMs } = await probe.call();
    assert.equal(end.grpcStatus, 4);
    assert.ok(tookMs >= 100);
    // The answer to our SETTINGS may have come within the first call; within the second nothing at all does.
    assert.equal((await probe.call()).end.grpcStatus, 4);
    const peer = peerOf(server);
    await peer.seen(({ type }) => type === TYPE.ping);
    peer.socket.end();
    await until(() => engine.facts().reconnects === 1);
    await until(() => server.peers.length === 2);
    assert.equal((await probe.call()).end.grpcStatus, 0);
  });

  it('leaves a half-open connection by itself when a PING on it stays without an answer', async () => {
    const { probe, server, engine } = await fixtures.connected(
      { onRequest: (peer, id) => peer.number > 1 && peer.send(answer(id)) },
      { timeoutMs: 50 },
      { probeTimeoutMs: 50 },
    );
    while (engine.facts().reconnects === 0) {
      // DEADLINE_EXCEEDED, or UNAVAILABLE for a call on it as it is given up.
      const { grpcStatus } = (await probe.call()).end;
      assert.ok([4, 14].includes(grpcStatus), `status ${grpcStatus}`);
    }
    assert.ok(peerOf(server).frames.some(({ type }) => type === TYPE.ping));
    assert.equal((await probe.call()).end.grpcStatus, 0);
  });

  it('keeps a connection that answers PINGs, however long its calls take', async () => {
    const { probe, server, engine } = await fixtures.connected(
      {
        onFrame: (peer, { type, flags, payload }) => {
          if (type === TYPE.ping && flags === 0) peer.send(frame(TYPE.ping, ACK, 0, payload));
        },
      },
      { timeoutMs: 50 },
      { probeTimeoutMs: 50 },
    );
    for (let call = 0; call < 4; call += 1) {
      assert.equal((await probe.call()).end.grpcStatus, 4);
    }
    assert.ok(peerOf(server).frames.some(({ type }) => type === TYPE.ping));
    assert.deepEqual([server.peers.length, engine.facts().reconnects], [1, 0]);
  });

  it('finishes what GOAWAY lets finish while new calls go to a new connection', async () => {
    const held: [ScriptedPeer, number][] = [];
    const { probe, server, engine } = await fixtures.connected(
      {
        onRequest: (peer, id) => {
          if (peer.number === 1) held.push([peer, id]);
          else peer.send(answer(id));
        },
      },
      { slots: 3 },
    );
    const old = [probe.call(0), probe.call(1)];
    await until(() => held.length === 2);
    peerOf(server).send(goaway(3));
    await until(() => server.peers.length === 2);
    assert.equal((await probe.call(2)).end.grpcStatus, 0);
    for (const [peer, id] of held) peer.send(answer(id));
    for (const call of old) assert.equal((await call).end.grpcStatus, 0);
    assert.deepEqual(probe.ends, [1, 1, 1]);
    assert.equal(engine.facts().reconnects, 1);
    // The old connection says goodbye when its last stream is done.
    await peerOf(server).seen(({ type }) => type === TYPE.goaway);
  });

  it('serves a load over connections that the server keeps replacing', async () => {
    const { probe, server } = await fixtures.connected(
      {
        onRequest: (peer, id) => {
          peer.send(answer(id));
          if (id === 21) peer.send(goaway(id));
        },
      },
      { slots: 4 },
    );
    const codes: number[] = [];
    const worker = async (slot: number): Promise<void> => {
      for (let count = 0; count < 100; count += 1)
        codes.push((await probe.call(slot)).end.grpcStatus);
    };
    await Promise.all([0, 1, 2, 3].map(worker));
    assert.deepEqual(probe.ends, [100, 100, 100, 100]);
    assert.equal(codes.length, 400);
    assert.ok(codes.every((code) => code === 0 || code === 14));
    assert.ok(server.peers.length > 10, `${server.peers.length} connections`);
  });

  it('replaces a connection whose stream ids are used up without losing a call', async () => {
    const { probe, server } = await fixtures.connected(
      { onRequest: (peer, id) => peer.send(answer(id)) },
      {},
      { firstStreamId: 0x7fffffff - 2 * 300 },
    );
    for (let count = 0; count < 200; count += 1)
      assert.equal((await probe.call()).end.grpcStatus, 0);
    assert.ok(server.peers.length > 1);
  });

  it('fails calls at once and without spinning while nothing listens, and is back within the backoff', async () => {
    const { probe, server } = await fixtures.connected({
      onRequest: (peer, id) => peer.send(answer(id)),
    });
    await server.close();
    const deadNs = clock.nowNs();
    let failed = 0;
    while (clock.nowNs() - deadNs < 300e6) {
      const { end } = await probe.call();
      if (end.grpcStatus === 14) failed += 1;
    }
    assert.ok(failed > 0 && failed < 1000, `${failed} failures in 300 ms`);
    await fixtures.serve({ onRequest: (peer, id) => peer.send(answer(id)) }, server.port);
    const upNs = clock.nowNs();
    while ((await probe.call()).end.grpcStatus !== 0) assert.ok(clock.nowNs() - upNs < 5e9);
  });

  it('ends calls in flight with CANCELLED when it is closed, and leaves nothing open', async () => {
    const { probe, server, engine } = await fixtures.connected({}, { slots: 3 });
    const calls = [0, 1, 2].map((slot) => probe.call(slot));
    const gone = new Promise((resolve) => peerOf(server).socket.once('close', resolve));
    await engine.close();
    for (const { end } of await Promise.all(calls)) assert.equal(end.grpcStatus, 1);
    await gone;
    assert.deepEqual(probe.ends, [1, 1, 1]);
  });
});
