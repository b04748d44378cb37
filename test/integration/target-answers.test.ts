import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { BenchmarkError } from '../../src/contract/failure.ts';
import type { TargetAccount } from '../../src/contract/run-result.ts';
import type { AgentInfo__Output } from '../../src/protocol/generated/loom/v1/AgentInfo.ts';
import type { LoomServiceClient } from '../../src/protocol/generated/loom/v1/LoomService.ts';
import { APOLOGY_TEXT } from '../../src/protocol/answers.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { LoomServer } from '../../src/target/loom-server.ts';
import { providerConfig } from '../support/run-plans.ts';
import {
  closedLoop,
  eventually,
  quantile,
  startTarget,
  streamWeave,
  weave,
  type TargetFixture,
} from '../support/target-fixture.ts';

const QUERY = 'SELECT * FROM test_table WHERE id = 1';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

async function withTarget(
  ...[llm, options, use]: [
    ...Parameters<typeof startTarget>,
    (target: TargetFixture) => Promise<void>,
  ]
): Promise<void> {
  const target = await startTarget(llm, options);
  try {
    await use(target);
  } finally {
    await target.stop();
  }
}

async function agentPages(
  client: LoomServiceClient,
  pageSize: number,
): Promise<AgentInfo__Output[]> {
  const agents: AgentInfo__Output[] = [];
  let pageToken = '';
  do {
    const page = await new Promise<{ agents: AgentInfo__Output[]; nextPageToken: string }>(
      (resolve, reject) => {
        client.listAgents({ pageSize, pageToken }, (error, response) => {
          if (error === null && response !== undefined) resolve(response);
          else reject(error ?? new Error('no answer'));
        });
      },
    );
    agents.push(...page.agents);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return agents;
}

describe('Weave', () => {
  let target: TargetFixture;
  before(async () => (target = await startTarget()));
  after(async () => target.stop());

  it('answers with text, a new session, its agent, token usage and cost', async () => {
    const { code, payload } = await weave(target.client, { query: QUERY });
    assert.equal(code, status.OK);
    assert.ok(payload);
    assert.equal(payload.text, `Load test response for: ${QUERY}`);
    assert.match(payload.sessionId, /^sess_[0-9a-f]{8}$/);
    assert.match(payload.agentId, UUID);
    assert.equal(payload.cost?.totalCostUsd, 0.001);
    assert.equal(payload.cost.llmCost?.inputTokens, 50);
    assert.equal(payload.cost.llmCost.outputTokens, 100);
    assert.equal(payload.cost.llmCost.totalTokens, 150);
    assert.equal(payload.cost.llmCost.provider, 'loadtest');
    assert.equal(payload.cost.llmCost.model, 'loadtest-mock-v1');
    assert.equal(payload.contextState?.contextTokensMax, '200000');
  });

  it('opens a new session per call unless one is named', async () => {
    const [one, two] = [
      await weave(target.client, { query: QUERY }),
      await weave(target.client, { query: QUERY }),
    ];
    assert.notEqual(one.payload?.sessionId, two.payload?.sessionId);
    const named = await weave(target.client, { query: QUERY, sessionId: 'mine' });
    assert.equal(named.payload?.sessionId, 'mine');
  });

  it('gives the LLM the history of the session: 50 input tokens per message of it', async () => {
    const inputTokens: (number | undefined)[] = [];
    for (const resetContext of [false, false, false, true]) {
      const request = { query: QUERY, sessionId: 'talk', resetContext };
      const { payload } = await weave(target.client, request);
      inputTokens.push(payload?.cost?.llmCost?.inputTokens);
    }
    assert.deepEqual(inputTokens, [50, 150, 250, 50]);
  });

  it('answers calls that differ in every part with their own answers', async () => {
    const queries = Array.from({ length: 30 }, (_, i) => `question ${i % 7}`);
    const answers = await closedLoop(8, queries.length, (i) =>
      weave(target.client, { query: queries[i] ?? '', sessionId: `s${i % 5}` }),
    );
    answers.forEach((answer, i) => {
      assert.equal(answer.payload?.text, `Load test response for: question ${i % 7}`);
      assert.equal(answer.payload.sessionId, `s${i % 5}`);
    });
  });

  it('refuses an empty query', async () => {
    const { code, message } = await weave(target.client, { query: '' });
    assert.equal(code, status.INVALID_ARGUMENT);
    assert.equal(message, 'query is required');
  });

  it('refuses an unknown agent and names the ones there are', async () => {
    const [agent] = await agentPages(target.client, 0);
    const { code, message } = await weave(target.client, {
      query: QUERY,
      agentId: 'no-such-agent',
    });
    assert.equal(code, status.NOT_FOUND);
    assert.equal(message, `agent not found: no-such-agent (available: [${agent?.id}])`);
  });

  it('carries text beyond ASCII and session ids of any length unharmed', async () => {
    const request = { query: 'größe 日本 🙂', sessionId: 'ß'.repeat(300) };
    const { payload } = await weave(target.client, request);
    assert.equal(payload?.text, `Load test response for: ${request.query}`);
    assert.equal(payload.sessionId, request.sessionId);
  });

  it('says in its health that it is healthy and which version it is', async () => {
    const health = await new Promise<{ status: string; version: string } | undefined>((resolve) => {
      target.client.getHealth({}, (_error, response) => resolve(response));
    });
    assert.equal(health?.status, 'healthy');
    assert.match(health.version, /^loombench\/\d+\.\d+\.\d+/);
  });
});

describe('StreamWeave', () => {
  it('sends what the real server sends: begun, one message per chunk, complete, completed', async () => {
    await withTarget({ streamChunkDelayMs: 1 }, {}, async ({ client }) => {
      const { code, payload } = await streamWeave(client, { query: QUERY });
      assert.equal(code, status.OK);
      const text = `Load test response for: ${QUERY}`;
      const messages = payload.map(({ message }) => message);
      const nowS = Date.now() / 1000;
      for (const { timestamp } of messages) assert.ok(Math.abs(Number(timestamp) - nowS) < 60);

      const [begun, ...rest] = messages;
      assert.equal(begun?.stage, 'EXECUTION_STAGE_LLM_GENERATION');
      assert.equal(begun.progress, 90);
      assert.equal(begun.isTokenStream, false);

      const completed = rest.pop();
      assert.equal(completed?.stage, 'EXECUTION_STAGE_COMPLETED');
      assert.equal(completed.progress, 100);
      assert.deepEqual(
        [completed.partialResult?.type, completed.partialResult?.dataJson],
        ['text', text],
      );
      assert.equal(completed.partialContent, text);
      assert.equal(completed.cost?.llmCost?.totalTokens, 150);
      assert.equal(completed.contextState?.contextTokensMax, '200000');

      const complete = rest.pop();
      assert.equal(complete?.stage, 'EXECUTION_STAGE_LLM_GENERATION');
      assert.equal(complete.progress, 100);
      assert.equal(complete.message, 'LLM response complete');
      assert.equal(complete.isTokenStream, false);

      // 61 characters in chunks of 10.
      assert.equal(rest.length, 7);
      rest.forEach((token, index) => {
        assert.equal(token.progress, 50);
        assert.equal(token.isTokenStream, true);
        assert.equal(token.tokenCount, index + 1);
        assert.equal(token.partialContent, text.slice(0, 10 * (index + 1)));
      });
    });
  });

  it('sends nothing but the status for an empty query or an unknown agent', async () => {
    await withTarget({}, {}, async ({ client }) => {
      const empty = await streamWeave(client, { query: '' });
      assert.equal(empty.code, status.INVALID_ARGUMENT);
      assert.equal(empty.message, 'query cannot be empty');
      assert.equal(empty.payload.length, 0);
      const unknown = await streamWeave(client, { query: QUERY, agentId: 'nobody' });
      assert.equal(unknown.code, status.NOT_FOUND);
      assert.equal(unknown.payload.length, 0);
    });
  });

  it('takes the base to the first token and 5 ms to each of 20 more, and is never early', async () => {
    const base30 = await streamTimes(30);
    const base10 = await streamTimes(10);
    // What timers and the machine add is in both.
    const laterMs = base30.firstMs - base10.firstMs;
    assert.ok(Math.abs(laterMs - 20) <= 5, `20 ms more of base made it ${laterMs} ms later`);
    for (const { restMs } of [base30, base10]) {
      assert.ok(Math.abs(restMs - 100) <= 5, `first to last ${restMs} ms`);
    }
  });

  it('reads a chunk delay that is not positive as 5 ms', async () => {
    const llm = { responseText: 'x'.repeat(50), streamChunkDelayMs: 0 };
    await withTarget(llm, {}, async ({ client }) => {
      const { llmTimeUs } = await streamWeave(client, { query: QUERY });
      assert.ok(llmTimeUs !== null && llmTimeUs >= 20_000, String(llmTimeUs));
    });
  });
});

/** The medians of 15 streams of 21 tokens: to the first token, and from it to the last. */
async function streamTimes(baseLatencyMs: number): Promise<{ firstMs: number; restMs: number }> {
  const firstMs: number[] = [];
  const restMs: number[] = [];
  const llm = { baseLatencyMs, responseText: 'x'.repeat(210), streamChunkDelayMs: 5 };
  const wholeMs = baseLatencyMs + 20 * 5;
  await withTarget(llm, {}, async ({ client }) => {
    await streamWeave(client, { query: QUERY }); // the connection is not part of it
    const streams = await closedLoop(1, 15, () => streamWeave(client, { query: QUERY }));
    for (const { payload, elapsedMs, llmTimeUs } of streams) {
      const tokensMs = payload
        .filter(({ message }) => message.isTokenStream)
        .map(({ atMs }) => atMs);
      assert.equal(tokensMs.length, 21);
      const [first = 0, last = 0] = [tokensMs[0], tokensMs.at(-1)];
      firstMs.push(first);
      restMs.push(last - first);
      // Never short: neither by the client's clock nor by the server's.
      assert.ok(first >= baseLatencyMs);
      assert.ok(elapsedMs >= wholeMs);
      assert.ok(llmTimeUs !== null && llmTimeUs >= wholeMs * 1000);
    }
  });
  return { firstMs: quantile(firstMs, 0.5), restMs: quantile(restMs, 0.5) };
}

describe('LLM errors', () => {
  it('end as Loom ends them: status OK, an apology, no token usage', async () => {
    await withTarget({ errorRate: 1 }, {}, async ({ client, server }) => {
      const unary = await weave(client, { query: QUERY });
      assert.equal(unary.code, status.OK);
      assert.equal(unary.payload?.text, APOLOGY_TEXT);
      assert.equal(unary.payload.cost?.llmCost?.totalTokens, 0);
      assert.equal(unary.payload.cost.llmCost.inputTokens, 0);
      assert.equal(unary.payload.cost.llmCost.model, 'loadtest-mock-v1');

      const stream = await streamWeave(client, { query: QUERY });
      assert.equal(stream.code, status.OK);
      const stages = stream.payload.map(({ message }) => [message.stage, message.progress]);
      assert.deepEqual(stages, [
        ['EXECUTION_STAGE_LLM_GENERATION', 90],
        ['EXECUTION_STAGE_COMPLETED', 100],
      ]);
      const last = stream.payload.at(-1)?.message;
      assert.equal(last?.partialResult?.dataJson, APOLOGY_TEXT);
      assert.equal(last.cost?.llmCost?.totalTokens, 0);
      assert.deepEqual(server.account().rpcsByStatus, { OK: 2 });
      assert.equal(server.account().llmErrors, 2);
    });
  });

  it('end as INTERNAL with the error message in status mode, after the LLM time has passed', async () => {
    const llm = {
      errorRate: 1,
      errorMode: 'status',
      errorMessage: 'out of tokens',
      baseLatencyMs: 20,
    } as const;
    await withTarget(llm, {}, async ({ client }) => {
      const unary = await weave(client, { query: QUERY });
      assert.equal(unary.code, status.INTERNAL);
      assert.equal(unary.message, 'out of tokens');
      assert.ok(unary.elapsedMs >= 20);
      assert.ok(unary.llmTimeUs !== null && unary.llmTimeUs >= 20_000);
      const stream = await streamWeave(client, { query: QUERY });
      assert.equal(stream.code, status.INTERNAL);
      assert.equal(stream.message, 'out of tokens');
      assert.deepEqual(
        stream.payload.map(({ message }) => message.progress),
        [90],
      );
    });
  });

  it('at rate 0.3 are in the band of 10,000 calls and the client counts exactly what the target counts', async () => {
    const llm = { errorRate: 0.3, errorMode: 'status' } as const;
    await withTarget(llm, {}, async ({ client, server }) => {
      const answers = await closedLoop(50, 10_000, () => weave(client, { query: QUERY }));
      const ended = (wanted: number): number =>
        answers.filter(({ code }) => code === wanted).length;
      const [errors, ok] = [ended(status.INTERNAL), ended(status.OK)];
      assert.ok(errors >= 2850 && errors <= 3151, String(errors));
      const account = server.account();
      assert.equal(account.rpcsReceived, 10_000);
      assert.equal(account.llmErrors, errors);
      assert.deepEqual(account.rpcsByStatus, { OK: ok, INTERNAL: errors });
      assert.equal(account.maxConcurrentRpcs <= 50, true);
    });
  });

  it('at rate 0 do not happen', async () => {
    await withTarget({}, {}, async ({ client, server }) => {
      await closedLoop(10, 500, () => weave(client, { query: QUERY }));
      assert.deepEqual(server.account().rpcsByStatus, { OK: 500 });
    });
  });

  it('are what a computed response that throws becomes', async () => {
    const respond = (): string => {
      throw new Error('no idea');
    };
    await withTarget({ errorMode: 'status' }, { respond }, async ({ client }) => {
      const { code, message } = await weave(client, { query: QUERY });
      assert.equal(code, status.INTERNAL);
      assert.match(message, /no idea/);
    });
  });
});

describe('LLM time in the trailers', () => {
  it('is never below the base and never above what the client saw', async () => {
    const llm = { baseLatencyMs: 10, jitterMs: 5 };
    await withTarget(llm, { llmConcurrencyLimit: 100 }, async ({ client, server }) => {
      const answers = await closedLoop(10, 100, () => weave(client, { query: QUERY }));
      for (const { llmTimeUs, elapsedMs } of answers) {
        assert.ok(llmTimeUs !== null);
        assert.ok(llmTimeUs >= 10_000, String(llmTimeUs));
        assert.ok(llmTimeUs <= elapsedMs * 1000);
      }
      const account: TargetAccount = server.account();
      assert.ok(account.llmLatencyMinUs !== null && account.llmLatencyMinUs >= 10_000);
      const stamps = answers.map(({ llmTimeUs }) => llmTimeUs ?? 0);
      const mean = stamps.reduce((a, b) => a + b) / stamps.length;
      assert.ok(Math.abs((account.llmLatencyMeanUs ?? 0) - mean) <= 1);
    });
  });
});

describe('LLM limiter', () => {
  it('binds by default at 5: 20 workers wait four times as long as with one that is as wide as they are', async () => {
    const bound = await twentyWorkers(0);
    const wide = await twentyWorkers(20);
    // No schedule is faster than 24 rounds of 5 calls.
    assert.ok(bound.elapsedMs >= 24 * 50, `${bound.elapsedMs} ms`);
    assert.ok(bound.medianMs >= 198, `R = ${bound.medianMs} ms`);
    assert.ok(wide.medianMs >= 50, `R = ${wide.medianMs} ms`);
    // What timers and the machine add to an LLM call is in both; what twenty that end together add is in the wide one only.
    const ratio = bound.medianMs / wide.medianMs;
    assert.ok(ratio > 2.5 && ratio <= 4.4, `R of ${bound.medianMs} ms, of ${wide.medianMs} ms`);
  });

  it('counts a stream until its last chunk', async () => {
    const llm = { responseText: 'x'.repeat(50), streamChunkDelayMs: 10 };
    await withTarget(llm, { llmConcurrencyLimit: 1 }, async ({ client }) => {
      const startedMs = performance.now();
      await closedLoop(4, 4, () => streamWeave(client, { query: QUERY }));
      // Four streams of 40 ms, one after the other.
      assert.ok(performance.now() - startedMs >= 160);
    });
  });
});

/** 120 calls of twenty workers to an LLM of 50 ms: how long all took, and the median of those after the first round. */
async function twentyWorkers(
  llmConcurrencyLimit: number,
): Promise<{ elapsedMs: number; medianMs: number }> {
  let figures = { elapsedMs: NaN, medianMs: NaN };
  await withTarget({ baseLatencyMs: 50 }, { llmConcurrencyLimit }, async ({ client }) => {
    await weave(client, { query: QUERY });
    const startedMs = performance.now();
    const answers = await closedLoop(20, 120, () => weave(client, { query: QUERY }));
    const elapsedMs = performance.now() - startedMs;
    const steadyMs = answers.slice(20).map((answer) => answer.elapsedMs);
    figures = { elapsedMs, medianMs: quantile(steadyMs, 0.5) };
  });
  return figures;
}

describe('Session lock', () => {
  it('serves the calls of one session one at a time and those of two side by side', async () => {
    await withTarget({ baseLatencyMs: 20 }, { llmConcurrencyLimit: 100 }, async ({ client }) => {
      const medianWaitMs = async (sessionOf: (call: number) => string): Promise<number> => {
        const ended = await closedLoop(10, 10, (i) =>
          weave(client, { query: QUERY, sessionId: sessionOf(i) }),
        );
        const waitsMs = ended.map(
          ({ elapsedMs, llmTimeUs }) => elapsedMs - (llmTimeUs ?? 0) / 1000,
        );
        return quantile(waitsMs, 0.5);
      };
      const startedMs = performance.now();
      const oneMs = await medianWaitMs(() => 'one');
      assert.ok(performance.now() - startedMs >= 200);
      const apartMs = await medianWaitMs((i) => `own ${i}`);
      // The fifth of ten waits for four others of 20 ms.
      assert.ok(oneMs >= 4 * 20, `one session: ${oneMs} ms`);
      assert.ok(apartMs < oneMs / 2, `sessions of their own: ${apartMs} ms, one: ${oneMs} ms`);
    });
  });
});

describe('Agents over the wire', () => {
  it('are listed in pages and called by id, and the account says how often each was called', async () => {
    await withTarget({}, { numAgents: 7 }, async ({ client, server }) => {
      const agents = await agentPages(client, 3);
      assert.equal(agents.length, 7);
      assert.equal(agents[0]?.name, 'default');
      const answers = await closedLoop(5, 70, (i) =>
        weave(client, { query: QUERY, agentId: agents[i % 7]?.id ?? '' }),
      );
      answers.forEach(({ payload }, i) => assert.equal(payload?.agentId, agents[i % 7]?.id));
      const expected = Object.fromEntries(agents.map(({ id }) => [id, 10]));
      assert.deepEqual(server.account().callsByAgent, expected);
    });
  });
});

describe('A call that its client gave up', () => {
  it('frees session, limiter and timers from wherever it is, and is booked under its status', async () => {
    await withTarget({ baseLatencyMs: 60_000 }, { llmConcurrencyLimit: 1 }, async (target) => {
      const { client, server } = target;
      const cancels: (() => void)[] = [];
      const onStarted = (cancel: () => void): void => void cancels.push(cancel);
      const calls = [
        weave(client, { query: QUERY, sessionId: 'a' }, { onStarted }), // in the LLM
        weave(client, { query: QUERY, sessionId: 'a' }, { onStarted }), // awaits the session
        streamWeave(client, { query: QUERY, sessionId: 'b' }, { onStarted }), // awaits the limiter
      ];
      await eventually(() => server.account().rpcsReceived === 3, 'three calls received');
      assert.equal(server.account().llmCalls, 1);
      for (const cancel of [...cancels].reverse()) cancel();
      for (const { code } of await Promise.all<{ code: number }>(calls))
        assert.equal(code, status.CANCELLED);
      await eventually(() => server.state().inFlight === 0, 'no call in flight');
      assert.deepEqual(server.account().rpcsByStatus, { CANCELLED: 3 });
      assert.equal(server.metrics().abandonedCount, 1);

      server.reconfigure({ llm: { baseLatencyMs: 0 } });
      const next = await weave(client, { query: QUERY, sessionId: 'a' }, { deadlineMs: 5000 });
      assert.equal(next.code, status.OK);
    });
  });

  it('hands its slot to the one that waits next', async () => {
    await withTarget({ baseLatencyMs: 60_000 }, { llmConcurrencyLimit: 1 }, async (target) => {
      const { client, server } = target;
      let cancelFirst: () => void = () => undefined;
      const first = weave(client, { query: QUERY }, { onStarted: (c) => (cancelFirst = c) });
      await eventually(() => server.account().llmCalls === 1, 'the first call is in the LLM');
      server.reconfigure({ llm: { baseLatencyMs: 1 } });
      const second = weave(client, { query: QUERY }, { deadlineMs: 5000 });
      await eventually(() => server.account().rpcsReceived === 2, 'the second call is received');
      cancelFirst();
      assert.equal((await first).code, status.CANCELLED);
      assert.equal((await second).code, status.OK);
    });
  });

  it('is booked as DEADLINE_EXCEEDED when its deadline passed, and its stream stops', async () => {
    const llm = { responseText: 'x'.repeat(10_000), streamChunkDelayMs: 20 };
    await withTarget(llm, {}, async ({ client, server }) => {
      const calls = await closedLoop(3, 3, () =>
        streamWeave(client, { query: QUERY }, { deadlineMs: 150 }),
      );
      for (const { code, payload } of calls) {
        assert.equal(code, status.DEADLINE_EXCEEDED);
        assert.ok(payload.length >= 1);
      }
      await eventually(() => server.state().inFlight === 0, 'no call in flight');
      assert.deepEqual(server.account().rpcsByStatus, { DEADLINE_EXCEEDED: 3 });
    });
  });

  it('is booked when its whole connection goes', async () => {
    await withTarget({ baseLatencyMs: 60_000 }, {}, async ({ client, server }) => {
      const call = weave(client, { query: QUERY });
      await eventually(() => server.account().llmCalls === 1, 'the call is in the LLM');
      await server.stop(0);
      assert.equal(server.state().inFlight, 0);
      assert.deepEqual(server.account().rpcsByStatus, { CANCELLED: 1 });
      assert.notEqual((await call).code, status.OK);
    });
  });
});

describe('Seeded target', () => {
  it('gives the same session ids, agents and set of LLM times under one seed, however calls interleave', async () => {
    const run = async (concurrency: number): Promise<unknown> => {
      const target = await startTarget({ errorRate: 0.4 }, { seed: 99 });
      try {
        const answers = await closedLoop(concurrency, 200, () =>
          weave(target.client, { query: QUERY }),
        );
        const failed = answers.filter(({ payload }) => payload?.text === APOLOGY_TEXT).length;
        const sessions = answers.map(({ payload }) => payload?.sessionId).sort();
        return { failed, sessions, agent: answers[0]?.payload?.agentId };
      } finally {
        await target.stop();
      }
    };
    assert.deepEqual(await run(1), await run(20));
  });
});

describe('Reconfigured target', () => {
  it('really takes the new settings: latency, error rate, agents and limiter change in effect', async () => {
    await withTarget({}, { llmConcurrencyLimit: 1 }, async ({ client, server }) => {
      const fast = await weave(client, { query: QUERY });
      assert.ok((fast.llmTimeUs ?? 0) < 40_000);
      server.reconfigure({ llm: { baseLatencyMs: 40 }, numAgents: 3, llmConcurrencyLimit: 4 });
      assert.equal((await agentPages(client, 0)).length, 3);
      const startedMs = performance.now();
      const slow = await closedLoop(4, 4, () => weave(client, { query: QUERY }));
      const elapsedMs = performance.now() - startedMs;
      for (const { llmTimeUs } of slow) assert.ok((llmTimeUs ?? 0) >= 40_000);
      // One at a time they would have needed 160 ms.
      assert.ok(elapsedMs < 160, `${elapsedMs} ms`);
      server.reconfigure({ llm: { errorRate: 1 } });
      const apology = await weave(client, { query: QUERY });
      assert.equal(apology.payload?.text, APOLOGY_TEXT);
    });
  });

  it('is as freshly started after a reset, and a call from before does not appear in the new books', async () => {
    await withTarget({ baseLatencyMs: 100 }, {}, async ({ client, server }) => {
      const first = await weave(client, { query: QUERY });
      const old = weave(client, { query: QUERY });
      await eventually(() => server.account().llmCalls === 2, 'the second call is in the LLM');
      server.reset();
      assert.equal(server.state().sessions, 0);
      assert.equal((await old).code, status.OK);
      const { rpcsReceived, rpcsByStatus, llmCalls } = server.account();
      assert.deepEqual([rpcsReceived, rpcsByStatus, llmCalls], [0, {}, 0]);
      const again = await weave(client, { query: QUERY });
      assert.equal(again.payload?.sessionId, first.payload?.sessionId);
      assert.equal(server.account().rpcsReceived, 1);
    });
  });
});

describe('Listening', () => {
  it('says that the port is in use when it is', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const bound = squatter.address();
    assert.ok(typeof bound === 'object' && bound !== null);
    const server = new LoomServer({
      llm: providerConfig(),
      llmConcurrencyLimit: 0,
      numAgents: 1,
      seed: 1,
      clock: createMonotonicClock(),
    });
    await assert.rejects(
      server.listen('127.0.0.1', bound.port),
      (thrown) => thrown instanceof BenchmarkError && thrown.code === 'port-in-use',
    );
    squatter.close();
    await server.stop();
  });
});
