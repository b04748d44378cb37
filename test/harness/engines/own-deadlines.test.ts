// Each call has the whole of its deadline, however many went before: a deadline that was reckoned once would fail all calls
// behind its instant. The run's clock is set forward by the time that a call is to take, so that a hundred need no ten seconds.

import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { createEngine } from '../../../src/harness/engines/create-engine.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';
import { EngineProbe } from '../../support/engine-probe.ts';
import { startHandlerServer } from '../../support/handler-server.ts';
import { harnessConfig } from '../../support/run-plans.ts';

const CALLS = 100;
const CALL_MS = 100;
const DEADLINE_MS = 3000;

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

for (const engineName of ['wire', 'grpc-js'] as const) {
  for (const streaming of [false, true]) {
    it(`fails none of ${CALLS} calls of ${CALL_MS} ms, one after the other, for a deadline of ${DEADLINE_MS} ms (${engineName}, ${streaming ? 'streams' : 'unary'})`, async () => {
      const real = createMonotonicClock();
      let aheadMs = 0;
      const clock = { originNs: real.originNs, nowNs: () => real.nowNs() + aheadMs * 1e6 };
      const leftMs: number[] = [];
      const server = await startHandlerServer({
        weave: (call, answer) => {
          leftMs.push(Number(call.getDeadline()) - Date.now());
          aheadMs += CALL_MS;
          setImmediate(() => answer(null, { text: 'a' }));
        },
        streamWeave: (call) => {
          leftMs.push(Number(call.getDeadline()) - Date.now());
          aheadMs += CALL_MS;
          setImmediate(() => {
            call.write({ stage: 'EXECUTION_STAGE_COMPLETED' });
            call.end();
          });
        },
      });
      cleanups.push(() => server.kill());
      const config = harnessConfig({ serverAddr: server.address, engine: engineName });
      const engine = createEngine({ ...config, connections: 1 }, clock);
      cleanups.push(() => engine.close());
      await engine.connect(5000);
      const probe = new EngineProbe(engine, clock, { streaming, timeoutMs: DEADLINE_MS });
      for (let call = 0; call < CALLS; call += 1) {
        const { end, tookMs } = await probe.call();
        assert.equal(end.grpcStatus, 0, `call ${call}: ${end.statusMessage}`);
        assert.ok(tookMs >= CALL_MS);
      }
      // And the server was told of the whole of it each time.
      assert.ok(leftMs.every((ms) => ms > DEADLINE_MS / 2 && ms <= DEADLINE_MS + 1));
    });
  }
}
