import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { reportSchema } from '../../src/artifacts/report-schema.ts';
import type { BenchmarkConfig } from '../../src/contract/config.ts';
import type { JsonReport } from '../../src/contract/report.ts';
import { BenchmarkRunner } from '../../src/harness/benchmark-runner.ts';
import { Harness } from '../../src/harness/harness.ts';
import { toJson } from '../../src/report/to-json.ts';
import { startHandlerServer } from '../support/handler-server.ts';
import { deviations, keyPaths, LOOM_REPORTS, loomFixture, OURS } from '../support/loom-reports.ts';
import { childrenRunning } from '../support/own-children.ts';
import { harnessConfig, type HarnessChanges } from '../support/run-plans.ts';
import { startRelay } from '../support/tcp-relay.ts';

afterEach(() => assert.deepEqual(childrenRunning('-main.'), [], 'a process was left behind'));

interface LoomReport {
  readonly config: Required<
    Pick<
      JsonReport['config'],
      | 'concurrency'
      | 'total_requests'
      | 'use_streaming'
      | 'llm_concurrency_limit'
      | 'llm_base_latency_ms'
      | 'llm_jitter_ms'
      | 'llm_error_rate'
    >
  >;
}

function benchmarkConfig(
  harness: HarnessChanges,
  changes: Partial<Omit<BenchmarkConfig, keyof HarnessChanges | 'llm'>> = {},
): BenchmarkConfig {
  return {
    ...harnessConfig(harness),
    runs: 2,
    warmupRuns: 1,
    perRunWarmupMs: 0,
    scenarioName: 'test',
    outputPath: '',
    collect: { timeSeries: true, histogram: true, resources: true, gcCorrelation: true },
    cooldownMs: 0,
    ...changes,
  };
}

describe('Harness', () => {
  it('runs several times against the target it set up, and tells each run apart', async () => {
    const harness = new Harness(harnessConfig({ totalRequests: 50, concurrency: 5 }));
    assert.equal(harness.serverAddr, '');
    await harness.setup();
    try {
      assert.match(harness.serverAddr, /^127\.0\.0\.1:\d+$/);
      const report = await harness.run();
      assert.equal(report.requestsCompleted, 50);
      assert.equal(report.errors, 0);
      assert.equal(report.llmMetrics?.rpcsReceived, 50);
      const raw = await harness.runRaw();
      assert.equal(raw.results.length, 50);
      assert.equal(raw.measurement.target?.rpcsReceived, 50);
      assert(raw.results.every((result) => result.outcome === 'ok' && result.latencyNs > 0));
      assert(raw.results.every((result) => result.startedAtNs >= raw.runStartNs));
      const gate = raw.measurement.gates.find(({ id }) => id === 'G7');
      assert.equal(gate?.status, 'pass');
    } finally {
      await harness.teardown();
    }
  });

  it('stops issuing when its signal aborts and reports what ran until then', async () => {
    const harness = new Harness(harnessConfig({ durationMs: 60_000, llm: { baseLatencyMs: 5 } }));
    await harness.setup();
    try {
      const abort = new AbortController();
      const raw = await harness.runRaw({
        signal: abort.signal,
        onProgress: ({ completed }) => completed > 10 && abort.abort(),
      });
      assert.equal(raw.measurement.interrupted, true);
      assert(raw.report.requestsCompleted > 10);
    } finally {
      await harness.teardown();
    }
  });

  it('refuses to run before setup and can be torn down twice', async () => {
    const harness = new Harness(harnessConfig());
    await assert.rejects(harness.run(), { code: 'generator-failed', message: /setup\(\)/ });
    await harness.teardown();
    await harness.teardown();
  });
});

describe('BenchmarkRunner', () => {
  it('runs warm-up and measured runs and returns one report of them', async () => {
    const finished: string[] = [];
    const runner = new BenchmarkRunner(
      benchmarkConfig({ totalRequests: 100, llm: { baseLatencyMs: 2 } }),
      { onRunFinished: ({ key }) => finished.push(`${key.phase} ${key.index}`) },
    );
    const report = await runner.run();
    assert.deepEqual(finished, ['warmup 1', 'measured 1', 'measured 2']);
    assert.equal(report.status, 'completed');
    assert.equal(report.durable, false);
    assert.equal(report.warmups.length, 1);
    assert.deepEqual(
      report.runs.map((run) => run.rawLatenciesUs?.length),
      [100, 100],
    );
    assert(report.runs.every((run) => run.measurement.raw === null));
    assert.equal(report.failedRuns.length, 0);
    assert.notEqual(report.environment.runtime.nodeVersion, '');
  });

  for (const name of LOOM_REPORTS) {
    it(`writes for the settings of ${name} a report with the keys and types of Loom's own`, async () => {
      const theirs = loomFixture(name) as LoomReport; // its types are held against the seed's elsewhere
      const { config } = theirs;
      const runner = new BenchmarkRunner(
        benchmarkConfig(
          {
            concurrency: config.concurrency,
            totalRequests: config.total_requests,
            durationMs: 0,
            useStreaming: config.use_streaming,
            llmConcurrencyLimit: config.llm_concurrency_limit,
            llm: {
              baseLatencyMs: config.llm_base_latency_ms,
              jitterMs: config.llm_jitter_ms,
              errorRate: config.llm_error_rate,
            },
          },
          { runs: 1, warmupRuns: 0 },
        ),
      );
      const text = JSON.stringify(toJson(await runner.run()));
      const ours = JSON.parse(text) as JsonReport; // our own type, in what a reader gets
      reportSchema.parse(ours);
      // One run has no spread, and one on a busy machine may be INVALID and left out: null there, by the rule for what is unknown.
      const odd = deviations(ours, 'JSONReport', 'report', OURS);
      assert.deepEqual(
        odd.filter((sentence) => !/^report\.aggregate\.\S+ is no float64$/.test(sentence)),
        [],
      );
      assert.deepEqual(new Set(keyPaths(ours)), new Set(keyPaths(theirs)));
      assert.deepEqual(ours.config, config);
      assert.equal(ours.runs[0]?.total_requests, config.total_requests);
      assert.equal(ours.runs[0].error_count, 0);
    });
  }

  it('keeps the finished runs when it is aborted', async () => {
    const abort = new AbortController();
    const runner = new BenchmarkRunner(
      benchmarkConfig({ totalRequests: 20 }, { runs: 5, warmupRuns: 0 }),
      { onRunFinished: ({ key }) => key.index === 2 && abort.abort() },
    );
    const report = await runner.run(abort.signal);
    assert.equal(report.status, 'interrupted');
    assert.equal(report.runs.length, 2);
    assert.equal(report.failedRuns.length, 0);
  });

  it('lists a run that failed and goes on with the others', async () => {
    let killed = false;
    const runner = new BenchmarkRunner(
      benchmarkConfig({ durationMs: 1500, llm: { baseLatencyMs: 5 } }, { runs: 3, warmupRuns: 0 }),
      {
        onProgress: ({ index, stage, completed }) => {
          if (killed || index !== 2 || stage !== 'loading' || completed === 0) return;
          killed = true;
          for (const pid of childrenRunning('generator-main')) process.kill(pid, 'SIGKILL');
        },
      },
    );
    const report = await runner.run();
    assert.deepEqual(
      report.runs.map((run) => run.key.index),
      [1, 3],
    );
    assert.deepEqual(
      report.failedRuns.map((run) => [run.key.index, run.code]),
      [[2, 'generator-died']],
    );
  });

  it('keeps to the concurrency in its warm-up runs too', async () => {
    let inFlight = 0;
    let most = 0;
    let served = 0;
    const server = await startHandlerServer({
      weave: (_call, answer) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        setTimeout(() => {
          inFlight -= 1;
          served += 1;
          answer(null, { text: 'hi' });
        }, 10);
      },
    });
    try {
      const load = { serverAddr: server.address, concurrency: 4, totalRequests: 20 };
      const report = await new BenchmarkRunner(
        benchmarkConfig({ ...load, durationMs: 0 }, { runs: 1, warmupRuns: 1 }),
      ).run();
      assert.equal(report.runs.length, 1);
    } finally {
      server.kill();
    }
    assert.equal(served, 40);
    assert.equal(most, 4);
  });

  it('throws when the first run finds no server', async () => {
    const serverAddr = '127.0.0.1:1';
    const runner = new BenchmarkRunner(benchmarkConfig({ serverAddr, connectTimeoutMs: 300 }));
    await assert.rejects(runner.run(), { code: 'target-unreachable' });
  });

  it('keeps what it has when the server is gone before a later run', async () => {
    const server = await startHandlerServer({
      weave: (_call, answer) => answer(null, { text: 'hi' }),
    });
    const runner = new BenchmarkRunner(
      benchmarkConfig(
        { serverAddr: server.address, totalRequests: 10, connectTimeoutMs: 300 },
        { runs: 4, warmupRuns: 0 },
      ),
      { onRunFinished: () => server.kill() },
    );
    const report = await runner.run();
    assert.equal(report.runs.length, 1);
    assert.deepEqual(
      report.failedRuns.map((run) => [run.key.index, run.code]),
      [[2, 'target-unreachable']],
    );
  });

  it('records a run in which the server died with its status counts, beside the runs before it', async () => {
    const server = await startHandlerServer({
      weave: (_call, answer) => void setTimeout(() => answer(null, { text: 'hi' }), 5),
    });
    const relay = await startRelay(server.port);
    try {
      const runner = new BenchmarkRunner(
        benchmarkConfig(
          { serverAddr: relay.address, durationMs: 1500, connectTimeoutMs: 500 },
          { runs: 3, warmupRuns: 0 },
        ),
        { onProgress: ({ index, completed }) => index === 2 && completed > 100 && relay.cut() },
      );
      const report = await runner.run();
      const [before, during] = report.runs.map(({ measurement }) => measurement);
      assert.equal(report.runs.length, 2);
      assert.equal(before?.calls.errors, 0);
      const counts = during?.statusCounts ?? [];
      const unavailable = counts.find(({ status }) => status === 'UNAVAILABLE')?.count;
      assert.ok(during !== undefined && during.calls.ok > 0 && during.calls.errors > 0);
      assert.equal(unavailable, during.calls.errors);
      assert.equal(during.verdict, 'INVALID');
      assert.deepEqual(
        report.failedRuns.map((run) => [run.key.index, run.code]),
        [[3, 'target-unreachable']],
      );
    } finally {
      relay.close();
      server.kill();
    }
  });

  it('leaves the files where it is told to, and names them in the report', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'loombench-runner-'));
    try {
      const config = benchmarkConfig({ totalRequests: 10 }, { runs: 1, warmupRuns: 0 });
      const report = await new BenchmarkRunner(config, { directory }).run();
      const file = report.runs[0]?.measurement.raw?.file;
      assert(file !== undefined && existsSync(file.path));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
