import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Context } from '@temporalio/activity';
import { signOfLife } from '../../src/worker/sign-of-life.ts';

type Info = Partial<Context['info']>;

/** Runs an activity of 3.5 s, in simulated time, inside the interceptor; returns how often it beat by then and after. */
async function beatsOf(t: TestContext, info: Info, fails = false): Promise<[number, number]> {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let beats = 0;
  // The interceptor uses these two alone.
  const context = { info, heartbeat: () => (beats += 1) } as unknown as Context;
  const execute = signOfLife(context).inbound?.execute?.bind({});
  assert.ok(execute !== undefined);
  let end: () => void = () => undefined;
  const work = new Promise<void>((resolve, reject) => {
    end = () => (fails ? reject(new Error('it failed')) : resolve());
  });
  const done = execute({ args: [], headers: {} }, () => work);
  t.mock.timers.tick(3_500);
  end();
  await (fails ? assert.rejects(done, /it failed/) : done);
  const during = beats;
  t.mock.timers.tick(5_000);
  return [during, beats];
}

describe('the sign of life of an activity', () => {
  it('is given each second while it works, and no longer', async (t) => {
    const info = { activityType: 'summarize', heartbeatTimeoutMs: 30_000 };
    assert.deepEqual(await beatsOf(t, info), [3, 3]);
  });

  it('ends with an activity that fails', async (t) => {
    const info = { activityType: 'writeReport', heartbeatTimeoutMs: 30_000 };
    assert.deepEqual(await beatsOf(t, info, true), [3, 3]);
  });

  it('is not given for a run, whose own heartbeats carry its progress', async (t) => {
    const info = { activityType: 'measureRun', heartbeatTimeoutMs: 10_000 };
    assert.deepEqual(await beatsOf(t, info), [0, 0]);
  });

  it('is not given where nobody waits for it', async (t) => {
    assert.deepEqual(await beatsOf(t, { activityType: 'prepareBenchmark' }), [0, 0]);
  });
});
