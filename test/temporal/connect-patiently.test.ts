import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BenchmarkError } from '../../src/contract/failure.ts';
import { connectPatiently, type ConnectMeans } from '../../src/temporal/connect-patiently.ts';
import type { TemporalConnection } from '../../src/temporal/connection.ts';

const SETTINGS = { address: '127.0.0.1:1', namespace: 'default', options: {} };
const unreachable = (): never => {
  throw new BenchmarkError('temporal-unreachable', 'Nobody is there. Start it.');
};
// The function hands on what the attempt gave, whatever it is.
const CONNECTION = { address: SETTINGS.address } as unknown as TemporalConnection;

/** A server that is up from `upAtMs` on, and a clock that only pauses move. */
function serverUpAt(upAtMs: number): { means: ConnectMeans; clock: { ms: number; tries: number } } {
  const clock = { ms: 0, tries: 0 };
  return {
    clock,
    means: {
      nowMs: () => clock.ms,
      pause: (ms) => {
        clock.ms += ms;
        return Promise.resolve();
      },
      connect: async () => {
        clock.tries += 1;
        await Promise.resolve();
        return clock.ms >= upAtMs ? CONNECTION : unreachable();
      },
    },
  };
}

describe('connecting to a Temporal server', () => {
  it('waits for one that is just starting, and says so once', async () => {
    const { means, clock } = serverUpAt(20_000);
    const said: string[] = [];
    const signal = new AbortController().signal;
    const made = await connectPatiently(
      SETTINGS,
      { signal, log: (line) => said.push(line) },
      means,
    );
    assert.equal(made, CONNECTION);
    assert.ok(clock.ms >= 20_000 && clock.ms <= 25_000, `${clock.ms} ms`);
    assert.deepEqual(said, ['No Temporal server answers at 127.0.0.1:1; trying for 30 s.']);
  });

  it('says nothing when it is there at once', async () => {
    const said: string[] = [];
    const { means } = serverUpAt(0);
    const signal = new AbortController().signal;
    await connectPatiently(SETTINGS, { signal, log: (line) => said.push(line) }, means);
    assert.deepEqual(said, []);
  });

  it('gives up after 30 s with what the last attempt said', async () => {
    const { means, clock } = serverUpAt(Number.POSITIVE_INFINITY);
    const signal = new AbortController().signal;
    await assert.rejects(connectPatiently(SETTINGS, { signal, log: () => undefined }, means), {
      code: 'temporal-unreachable',
      message: 'Nobody is there. Start it.',
    });
    assert.ok(clock.ms > 25_000 && clock.ms <= 30_000, `gave up after ${clock.ms} ms`);
    assert.ok(clock.tries >= 8, 'pauses grow to 5 s at most');
  });

  it('does not try again where trying does not help', async () => {
    const { means, clock } = serverUpAt(0);
    const refused = new BenchmarkError('config-invalid', 'The API key is not known.');
    const signal = new AbortController().signal;
    const connect = (): Promise<never> => {
      clock.tries += 1;
      return Promise.reject(refused);
    };
    await assert.rejects(
      connectPatiently(SETTINGS, { signal, log: () => undefined }, { ...means, connect }),
      refused,
    );
    assert.equal(clock.tries, 1);
  });

  it('stops when it is interrupted', async () => {
    const { means } = serverUpAt(Number.POSITIVE_INFINITY);
    const abort = new AbortController();
    const pause = (): Promise<void> => {
      abort.abort();
      return Promise.resolve();
    };
    await assert.rejects(
      connectPatiently(
        SETTINGS,
        { signal: abort.signal, log: () => undefined },
        { ...means, pause },
      ),
      { code: 'run-cancelled' },
    );
  });
});
