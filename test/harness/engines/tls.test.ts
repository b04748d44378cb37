// TLS towards the server under test, with both engines: who is trusted, who is refused, and what the refusal says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerCredentials } from '@grpc/grpc-js';
import type { TlsConfig } from '../../../src/contract/config.ts';
import { BenchmarkError } from '../../../src/contract/failure.ts';
import type { Engine } from '../../../src/harness/engines/engine.ts';
import { createEngine } from '../../../src/harness/engines/create-engine.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';
import { EngineProbe } from '../../support/engine-probe.ts';
import { harnessConfig } from '../../support/run-plans.ts';
import { certificatePath, TEST_TRUST } from '../../support/tls-fixture.ts';
import { startHandlerServer, type HandlerServer } from '../../support/handler-server.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';

const clock = createMonotonicClock();
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const CLIENT = { certPath: certificatePath('client.pem'), keyPath: certificatePath('client.key') };
const SERVER_PAIR = {
  cert: readFileSync(certificatePath('server.pem')),
  key: readFileSync(certificatePath('server.key')),
};

async function serve(askClients = false): Promise<HandlerServer> {
  const { cert: cert_chain, key: private_key } = SERVER_PAIR;
  const credentials = ServerCredentials.createSsl(
    readFileSync(certificatePath('ca.pem')),
    [{ cert_chain, private_key }],
    askClients,
  );
  const server = await startHandlerServer(
    { version: 'v1', weave: (_call, answer) => answer(null, { text: 'a' }) },
    '127.0.0.1:0',
    credentials,
  );
  cleanups.push(() => server.kill());
  return server;
}

for (const name of ['wire', 'grpc-js'] as const) {
  const engineFor = (serverAddr: string, tls: Partial<TlsConfig> = {}): Engine => {
    const settings = { ...TEST_TRUST, ...tls };
    const config = harnessConfig({ serverAddr, engine: name, tls: settings, connections: 1 });
    const engine = createEngine(config, clock);
    cleanups.push(() => engine.close());
    return engine;
  };

  const works = async (serverAddr: string, tls: Partial<TlsConfig> = {}): Promise<void> => {
    const engine = engineFor(serverAddr, tls);
    await engine.connect(5000);
    assert.equal((await engine.health(2000))?.version, 'v1');
    const probe = new EngineProbe(engine, clock);
    for (let count = 0; count < 20; count += 1)
      assert.equal((await probe.call()).end.grpcStatus, 0);
  };

  const refused = async (
    serverAddr: string,
    tls: Partial<TlsConfig>,
    says: RegExp,
  ): Promise<void> => {
    await assert.rejects(engineFor(serverAddr, tls).connect(400), (thrown: unknown) => {
      assert.ok(thrown instanceof BenchmarkError);
      assert.equal(thrown.code, 'target-unreachable');
      assert.match(thrown.message, /\(TLS\)/);
      assert.match(thrown.message, says);
      return true;
    });
  };

  describe(`${name} engine: TLS`, () => {
    it('carries calls to a server of the given authority', async () => {
      await works((await serve()).address);
    });

    it('refuses a server of another authority, and one that only the system would have to know', async () => {
      const { address } = await serve();
      await refused(address, { caPath: certificatePath('other-ca.pem') }, /certificate/);
      await refused(address, { caPath: null }, /certificate/);
    });

    it('accepts any certificate when told to', async () => {
      const { address } = await serve();
      await works(address, { caPath: certificatePath('other-ca.pem'), skipVerify: true });
      await works(address, { caPath: null, skipVerify: true, serverName: 'somewhere.else' });
    });

    it('holds the certificate against the given name', async () => {
      const { address } = await serve();
      await works(address, { serverName: 'loom.test' });
      await refused(address, { serverName: 'other.test' }, /other\.test|altnames/);
    });

    it('shows its own certificate to a server that asks for one', async () => {
      const { address } = await serve(true);
      await works(address, CLIENT);
      await assert.rejects(async () => {
        const engine = engineFor(address);
        await engine.connect(400);
        await engine.health(1000);
      }, BenchmarkError);
    });

    it('refuses half an identity and files that are no PEM before it connects', () => {
      for (const tls of [
        { certPath: CLIENT.certPath },
        { keyPath: CLIENT.keyPath },
        { caPath: certificatePath('missing.pem') },
        { certPath: fileURLToPath(import.meta.url), keyPath: fileURLToPath(import.meta.url) },
      ]) {
        assert.throws(() => engineFor('127.0.0.1:1', tls), { code: 'config-invalid' });
      }
    });
  });
}

describe('wire engine: TLS that is not HTTP/2', () => {
  async function messageOf(port: number): Promise<string> {
    const serverAddr = `127.0.0.1:${port}`;
    const engine = createEngine(harnessConfig({ serverAddr, tls: TEST_TRUST }), clock);
    cleanups.push(() => engine.close());
    const thrown = await engine.connect(500).then(
      () => 'connected',
      (error: unknown) => error,
    );
    assert.ok(thrown instanceof BenchmarkError);
    return thrown.message;
  }

  it('says what the server chose instead', async () => {
    for (const [protocols, says] of [
      [undefined, /does not speak HTTP\/2 over TLS .*it chose none/],
      [['http/1.1'], /HTTP\/2 over TLS|application protocol/],
    ] as const) {
      const options = { ...SERVER_PAIR, ...(protocols ? { ALPNProtocols: [...protocols] } : {}) };
      const server = createTlsServer(options, (socket) => {
        socket.on('error', () => undefined);
        cleanups.push(() => void socket.destroy());
      });
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      cleanups.push(() => void server.close());
      const bound = server.address();
      assert.ok(bound !== null && typeof bound === 'object');
      assert.match(await messageOf(bound.port), says);
    }
  });

  it('says so when the server speaks no TLS at all', async () => {
    const server = await startScriptedServer({});
    cleanups.push(() => server.close());
    assert.match(await messageOf(server.port), /does not speak TLS/);
  });
});
