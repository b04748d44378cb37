// gRPC's interop cases that a client of unary and server-streaming calls can play, against a server by somebody else:
// grpc-go's (google.golang.org/grpc/interop/server), named by LOOMBENCH_INTEROP_SERVER. Both engines, plain and TLS.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { claimPort } from '../../src/temporal/free-port.ts';
import { payloadBytes, streamRequest, unaryRequest } from '../support/interop-messages.ts';
import { openGrpcJs, openWire, type RawClient } from '../support/raw-clients.ts';
import { certificatePath, TEST_TRUST } from '../support/tls-fixture.ts';
import { waitFor } from '../support/wait-for.ts';

const program = process.env['LOOMBENCH_INTEROP_SERVER'] ?? '';
const skip =
  program === '' ? 'set LOOMBENCH_INTEROP_SERVER to a build of grpc-go interop/server' : false;

const TEST = '/grpc.testing.TestService';
const SPECIAL = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n';

const CASES: [string, (client: RawClient) => Promise<void>][] = [
  [
    'empty_unary',
    async (client) => {
      const { code, messages } = await client.call({
        path: `${TEST}/EmptyCall`,
        request: Buffer.alloc(0),
      });
      assert.deepEqual([code, messages.map((one) => one.length)], [0, [0]]);
    },
  ],
  [
    'large_unary',
    async (client) => {
      const request = unaryRequest({
        responseSize: 314_159,
        payload: { body: Buffer.alloc(271_828) },
      });
      const { code, messages } = await client.call({ path: `${TEST}/UnaryCall`, request });
      assert.deepEqual([code, messages.map(payloadBytes)], [0, [314_159]]);
    },
  ],
  [
    'server_streaming',
    async (client) => {
      const sizes = [31_415, 9, 2653, 58_979];
      const { code, messages } = await client.call({
        path: `${TEST}/StreamingOutputCall`,
        request: streamRequest(sizes.map((size) => ({ size }))),
        streaming: true,
      });
      assert.deepEqual([code, messages.map(payloadBytes)], [0, sizes]);
    },
  ],
  [
    'status_code_and_message',
    async (client) => {
      const responseStatus = { code: 2, message: 'test status message' };
      const request = unaryRequest({ responseStatus });
      const { code, text } = await client.call({ path: `${TEST}/UnaryCall`, request });
      assert.deepEqual({ code, message: text }, responseStatus);
    },
  ],
  [
    'special_status_message',
    async (client) => {
      const responseStatus = { code: 2, message: SPECIAL };
      const request = unaryRequest({ responseStatus });
      const { code, text } = await client.call({ path: `${TEST}/UnaryCall`, request });
      assert.deepEqual({ code, message: text }, responseStatus);
    },
  ],
  [
    'unimplemented_method',
    async (client) => {
      const path = `${TEST}/UnimplementedCall`;
      assert.equal((await client.call({ path, request: Buffer.alloc(0) })).code, 12);
    },
  ],
  [
    'unimplemented_service',
    async (client) => {
      const path = '/grpc.testing.UnimplementedService/UnimplementedCall';
      assert.equal((await client.call({ path, request: Buffer.alloc(0) })).code, 12);
    },
  ],
  [
    'timeout_on_sleeping_server',
    async (client) => {
      const { code } = await client.call({
        path: `${TEST}/StreamingOutputCall`,
        request: streamRequest([{ size: 1, intervalUs: 30_000_000 }]),
        streaming: true,
        timeoutMs: 20,
      });
      assert.equal(code, 4);
    },
  ],
  [
    'cancel_after_begin',
    async (client) => {
      const { code, messages } = await client.call({
        path: `${TEST}/StreamingOutputCall`,
        request: streamRequest([{ size: 1, intervalUs: 30_000_000 }]),
        streaming: true,
        cancelAfter: 0,
      });
      assert.deepEqual([code, messages.length], [1, 0]);
    },
  ],
  [
    'cancel_after_first_response',
    async (client) => {
      const { code, messages } = await client.call({
        path: `${TEST}/StreamingOutputCall`,
        request: streamRequest([{ size: 31_415 }, { size: 1, intervalUs: 30_000_000 }]),
        streaming: true,
        cancelAfter: 1,
      });
      assert.deepEqual([code, messages.map(payloadBytes)], [1, [31_415]]);
    },
  ],
];

for (const security of ['plain', 'TLS'] as const) {
  describe(`interop with grpc-go, ${security}`, { skip }, () => {
    let address = '';
    let stop: () => Promise<unknown> = () => Promise.resolve();

    before(async () => {
      const port = (await claimPort([])).port;
      address = `127.0.0.1:${port}`;
      const tls = [
        '-use_tls',
        '-tls_cert_file',
        certificatePath('server.pem'),
        '-tls_key_file',
        certificatePath('server.key'),
      ];
      const args = ['-port', String(port), ...(security === 'TLS' ? tls : [])];
      const child = spawn(program, args, { stdio: 'ignore' });
      const exited = new Promise((resolve) => child.once('exit', resolve));
      stop = () => {
        child.kill('SIGKILL');
        return exited;
      };
      const tlsConfig = security === 'TLS' ? TEST_TRUST : null;
      await waitFor('the interop server answers', async () => {
        const client = await openWire(address, tlsConfig).catch(() => null);
        client?.close();
        return client !== null;
      });
    });

    after(() => stop());

    for (const engine of ['wire', 'grpc-js'] as const) {
      for (const [name, play] of CASES) {
        it(`${engine}: ${name}`, async () => {
          const tls = security === 'TLS' ? TEST_TRUST : null;
          const client =
            engine === 'wire' ? await openWire(address, tls) : openGrpcJs(address, tls);
          try {
            // Twice on one connection: what a case leaves behind must not disturb the next.
            await play(client);
            await play(client);
          } finally {
            client.close();
          }
        });
      }
    }
  });
}
