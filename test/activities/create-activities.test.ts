import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { toApplicationFailure } from '../../src/activities/application-failure.ts';
import { createActivities } from '../../src/activities/create-activities.ts';
import type { BenchmarkFacts, BenchmarkSummary } from '../../src/activities/interface.ts';
import { defaultBenchmarkConfig } from '../../src/config/defaults.ts';
import { BenchmarkError, FAILURE_CODES, isFinal } from '../../src/contract/failure.ts';
import { captureEnvironment } from '../../src/harness/environment.ts';
import { summarizeBenchmark } from '../../src/statistics/aggregate.ts';
import { fakeDependencies, scratchStore, type ScratchStore } from '../support/activity-fixture.ts';
import { aRunKey, aStoredRun } from '../support/stored-run.ts';

const benchmark = { workflowId: 'bench/1', firstExecutionRunId: aRunKey().firstExecutionRunId };

describe('the activities', () => {
  let scratch: ScratchStore;
  before(async () => {
    scratch = await scratchStore();
  });
  after(() => scratch.remove());

  it('take empty input of every shape for the default benchmark', async () => {
    const { prepareBenchmark } = createActivities(fakeDependencies(scratch.store));
    for (const raw of [undefined, null, {}]) {
      assert.deepEqual((await prepareBenchmark(raw)).config, defaultBenchmarkConfig());
    }
  });

  it('refuse input with every problem named in one failure that is not retried', async () => {
    const { prepareBenchmark } = createActivities(fakeDependencies(scratch.store));
    await assert.rejects(prepareBenchmark({ concurency: 5, durration: 'x' }), (error) => {
      assert.ok(error instanceof ApplicationFailure);
      assert.equal(error.type, 'InvalidInput');
      assert.equal(error.nonRetryable, true);
      assert.match(error.message, /concurency.*concurrency/);
      assert.match(error.message, /durration.*duration/);
      return true;
    });
    for (const raw of [[1, 2], 7, true, 'no such scenario']) {
      await assert.rejects(prepareBenchmark(raw), { type: 'InvalidInput', nonRetryable: true });
    }
  });

  it('find an output that cannot be written before anything is measured', async () => {
    const { prepareOutput } = createActivities(fakeDependencies(scratch.store));
    const outputPath = join(scratch.root, 'a', 'b', 'report.json');
    await prepareOutput({ benchmark, outputPath });
    assert.ok(existsSync(join(scratch.root, 'a', 'b')));
    writeFileSync(join(scratch.root, 'plain'), '');
    await assert.rejects(
      prepareOutput({ benchmark, outputPath: join(scratch.root, 'plain', 'report.json') }),
      { type: 'output-unwritable', nonRetryable: true },
    );
    await prepareOutput({ benchmark, outputPath: '-' });
  });

  it('write the same report to the benchmark directory and to where the user wants it', async () => {
    const copy = join(scratch.root, 'out', 'mine.json');
    const run = aStoredRun();
    await scratch.store.writeRun(run);
    const { writeReport } = createActivities(
      fakeDependencies(scratch.store, { readRawLatencies: () => Promise.resolve([1, 2, 3]) }),
    );
    const facts = await factsWith(copy);
    const summary: BenchmarkSummary = {
      ...summarizeBenchmark({ runs: [run], failedRuns: [], expectedRuns: 1 }),
      lostMs: 0,
    };
    const written = await writeReport({ facts, summary });
    assert.equal(written.outputPath, copy);
    assert.equal(written.report.path, scratch.store.reportPath(benchmark));
    const text = readFileSync(copy, 'utf8');
    assert.equal(readFileSync(written.report.path, 'utf8'), text);
    const report = JSON.parse(text) as {
      benchmarkId: string;
      runs: { rawLatenciesUs: number[] }[];
    };
    assert.equal(report.benchmarkId, 'bench/1');
    assert.deepEqual(report.runs[0]?.rawLatenciesUs, [1, 2, 3]);
  });

  it('write the other forms of the report beside it, and beside its copy', async () => {
    const copy = join(scratch.root, 'forms', 'mine.json');
    const run = aStoredRun();
    await scratch.store.writeRun(run);
    const { writeReport } = createActivities(
      fakeDependencies(scratch.store, {
        formatDocuments: (text) => [{ format: 'html', text: `page of ${text.length}` }],
      }),
    );
    const facts = await factsWith(copy);
    const config = { ...facts.config, reportFormats: ['html'] as const };
    const summary: BenchmarkSummary = {
      ...summarizeBenchmark({ runs: [run], failedRuns: [], expectedRuns: 1 }),
      lostMs: 0,
    };
    const { report } = await writeReport({ facts: { ...facts, config }, summary });
    const expected = `page of ${readFileSync(report.path, 'utf8').length}`;
    assert.equal(readFileSync(join(scratch.root, 'forms', 'mine.html'), 'utf8'), expected);
    assert.equal(readFileSync(report.path.replace(/json$/, 'html'), 'utf8'), expected);
  });

  it('say which stored run is missing rather than report without it', async () => {
    const { summarize } = createActivities(fakeDependencies(scratch.store));
    const facts = { ...(await factsWith('')), runs: [aRunKey({ index: 77 })] };
    await assert.rejects(summarize(facts), (error) => {
      assert.ok(error instanceof ApplicationFailure);
      assert.equal(error.type, 'artifact-missing');
      assert.match(error.message, /measured-0077/);
      return true;
    });
  });

  it('map every failure code to a failure of that type, and never retry a final one', () => {
    for (const code of FAILURE_CODES) {
      const failure = toApplicationFailure(new BenchmarkError(code, 'sentence'));
      assert.equal(failure.type, code);
      assert.equal(failure.message, 'sentence');
      if (isFinal(code)) assert.equal(failure.nonRetryable, true, code);
    }
    assert.equal(toApplicationFailure(new BenchmarkError('disk-full', 'x')).nonRetryable, false);
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const odd = toApplicationFailure(new BenchmarkError('target-died', 'x', { details: circular }));
    assert.deepEqual(odd.details, [{ attempts: 1 }]);
  });

  async function factsWith(outputPath: string): Promise<BenchmarkFacts> {
    return {
      benchmark,
      config: { ...defaultBenchmarkConfig(), outputPath },
      configHash: 'h',
      environment: await captureEnvironment({ threads: 1 }),
      startedAtUtc: '2026-01-01T00:00:00.000Z',
      finishedAtUtc: '2026-01-01T00:01:00.000Z',
      status: 'completed',
      warmups: [],
      runs: [aRunKey()],
      failedRuns: [],
    };
  }
});
