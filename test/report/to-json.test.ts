// The report file against Loom: its declared types, its real reports, and what must hold when nothing can be computed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { reportSchema } from '../../src/artifacts/report-schema.ts';
import { defaultBenchmarkConfig } from '../../src/config/defaults.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { reportText, toJson } from '../../src/report/to-json.ts';
import {
  NO_LATENCY,
  NO_STATS,
  latency,
  sampleReport,
  storedRun,
  STREAMS,
} from './sample-report.ts';
import { deviations, keyPaths, LOOM_REPORTS, loomFixture, OURS } from '../support/loom-reports.ts';

describe('a report file beside the reports that Loom itself wrote', () => {
  for (const name of LOOM_REPORTS) {
    it(`finds that ${name} has the field names and types of the seed`, () => {
      assert.deepEqual(deviations(loomFixture(name), 'JSONReport', 'report', new Set()), []);
    });
  }

  it('has every field name and type of the seed and adds only the key loombench', () => {
    const { timeline } = storedRun(1).measurement;
    const whole = storedRun(1, { timeline: timeline?.slice(0, 1) ?? null });
    const json = toJson(sampleReport({ runs: [{ ...whole, rawLatenciesUs: [1, 2] }] }));
    assert.deepEqual(deviations(json, 'JSONReport', 'report', OURS), []);
  });

  it('has exactly the keys of a real Loom report of the same kind of run', () => {
    const ours = new Set(keyPaths(toJson(sampleReport())));
    const theirs = new Set(keyPaths(loomFixture('inproc-c10-n1000-10ms-j5ms')));
    assert.deepEqual([...ours].sort(), [...theirs].sort());
  });

  it('gives duration_ms instead of total_requests for a run by duration', () => {
    const config = { ...defaultBenchmarkConfig(), totalRequests: 0, durationMs: 5000 };
    const { config: written } = toJson(sampleReport({ config }));
    assert.equal(written.duration_ms, 5000);
    assert.equal('total_requests' in written, false);
  });

  it('leaves out the collections that were not collected', () => {
    const bare = storedRun(1, { timeline: null, resources: null, gc: null });
    const [run] = toJson(sampleReport({ runs: [bare] })).runs;
    const optional = [
      'throughput_timeline',
      'latency_histogram',
      'resource_timeline',
      'gc_correlation',
    ];
    assert.deepEqual(
      optional.filter((key) => Object.hasOwn(run ?? {}, key)),
      [],
    );
  });
});

describe('the figures of a run in the report file', () => {
  it('counts degraded answers as errors and leaves incomplete calls out of both', () => {
    const windowCalls = { issued: 100, ok: 60, degraded: 25, errors: 5, incomplete: 10 };
    const [run] = toJson(sampleReport({ runs: [storedRun(1, { windowCalls })] })).runs;
    assert.equal(run?.total_requests, 90);
    assert.equal(run.error_count, 30);
    assert.equal(run.error_rate, 30 / 90);
  });

  it('describes the target by its own samples when the target is ours', () => {
    const [run] = toJson(sampleReport()).runs;
    assert.equal(run?.resource_timeline?.[0]?.goroutines, 33);
    assert.equal(run.gc_correlation?.total_p95_requests, 46);
  });

  it('describes the generator when the server is remote, and claims no LLM settings for that server', () => {
    const config = { ...sampleReport().config, serverAddr: 'example:60051' };
    const json = toJson(sampleReport({ config }));
    assert.equal(json.runs[0]?.resource_timeline?.[0]?.goroutines, 12);
    assert.equal(json.runs[0].gc_correlation, undefined, "the generator's was not collected");
    assert.equal(json.config.llm_base_latency_ms, 0);
    assert.ok(json.loombench.warnings.some(({ code }) => code === 'remote-llm-settings'));
  });

  it('is whole when every call failed: error rate 1 and no latency', () => {
    const failed = storedRun(1, {
      calls: { issued: 50, ok: 0, degraded: 0, errors: 50, incomplete: 0 },
      windowCalls: { issued: 50, ok: 0, degraded: 0, errors: 50, incomplete: 0 },
      latency: NO_LATENCY,
      statusCounts: [{ status: 'UNAVAILABLE', count: 50 }],
    });
    const json = toJson(sampleReport({ runs: [failed] }));
    reportSchema.parse(json);
    const [run] = json.runs;
    assert.equal(run?.error_rate, 1);
    assert.equal(run.error_count, 50);
    assert.equal(run.latency_p50_us, null);
    assert.equal(run.latency_min_us, null);
    assert.deepEqual(run.loombench.statusCounts, [{ status: 'UNAVAILABLE', count: 50 }]);
  });

  it('says null, not 0 or 1, for the error rate of a run without calls', () => {
    const windowCalls = { issued: 0, ok: 0, degraded: 0, errors: 0, incomplete: 0 };
    const [run] = toJson(sampleReport({ runs: [storedRun(1, { windowCalls })] })).runs;
    assert.equal(run?.error_rate, null);
  });

  it('rounds to whole microseconds where the seed has integers', () => {
    const changes = { latency: { ...latency(10, 100), p50Us: 100.6, minUs: 99.4 } };
    const [run] = toJson(sampleReport({ runs: [storedRun(1, changes)] })).runs;
    assert.equal(run?.latency_p50_us, 101);
    assert.equal(run.latency_min_us, 99);
  });

  it('keeps the run number of a run whose predecessor failed', () => {
    const json = toJson(sampleReport({ runs: [storedRun(1), storedRun(3)] }));
    assert.deepEqual(
      json.runs.map((run) => run.run_number),
      [1, 3],
    );
    assert.equal(json.measured_runs, 2);
  });
});

const UNUSUAL = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1.5),
  fc.double({ min: 0, max: 1e12, noNaN: true }),
);

/** A run in which every derived figure may be 0/0; counts stay counts. */
function brokenMeasurement(next: () => number): Partial<RunMeasurement> {
  const summary = {
    ...NO_LATENCY,
    minUs: next(),
    meanUs: next(),
    p50Us: next(),
    p99Us: next(),
    maxUs: next(),
  };
  const { resources, gc, timeline } = storedRun(1).measurement;
  const samples = (resources?.generator ?? []).map((sample) => ({
    ...sample,
    cpuUtilisation: next(),
    eventLoopUtilisation: next(),
    heap_alloc_mb: next(),
  }));
  return {
    throughputRps: next(),
    okThroughputRps: next(),
    offeredRps: next(),
    latency: summary,
    serviceTime: summary,
    overhead: summary,
    streams: { ...STREAMS, timeToFirstToken: summary, messageGap: summary },
    littlesLaw: {
      meanInFlight: next(),
      throughputRps: next(),
      meanResponseUs: next(),
      edgeTerm: next(),
      relativeError: next(),
    },
    resources: { generator: samples, target: samples },
    gc: (gc ?? []).map((association) => ({
      ...association,
      lift: next(),
      pValue: next(),
      tailTimeShare: next(),
      correlation:
        association.correlation === null
          ? null
          : { ...association.correlation, gc_attribution_pct: next(), avg_gc_pause_us: next() },
    })),
    timeline: (timeline ?? []).map((second) => ({ ...second, p50_us: next(), mean_us: next() })),
    gates: [
      {
        id: 'G1',
        name: 'gate',
        status: 'fail',
        value: next(),
        limit: next(),
        unit: '',
        message: '',
      },
    ],
  };
}

describe('a report whose figures could not be computed', () => {
  it('is valid JSON of the schema whatever is 0/0 or beyond all bounds', () => {
    fc.assert(
      fc.property(fc.array(UNUSUAL, { minLength: 8, maxLength: 40 }), (numbers) => {
        let used = 0;
        const next = (): number => numbers[used++ % numbers.length] ?? 0;
        const odd = { ...NO_STATS, median: next(), mean: next(), ci95_low: next(), cv_pct: next() };
        const runs = [
          { ...storedRun(1, brokenMeasurement(next)), rawLatenciesUs: [next(), next()] },
        ];
        const { aggregate } = sampleReport();
        const json = toJson(
          sampleReport({ runs, errorRate: odd, aggregate: { ...aggregate, latency_p50_us: odd } }),
        );
        reportSchema.parse(json);
        assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
      }),
      { numRuns: 300 },
    );
  });

  it('names the figures that it lost in a warning', () => {
    const runs = [storedRun(1, { throughputRps: Number.NaN })];
    const { warnings } = toJson(sampleReport({ runs })).loombench;
    const warning = warnings.find(({ code }) => code === 'figure-not-finite');
    assert.match(warning?.message ?? '', /runs\[0\]\.measurement\.throughputRps/);
  });

  it('says nothing of lost figures when none was lost', () => {
    assert.deepEqual(toJson(sampleReport()).loombench.warnings, []);
  });
});

describe('the text of a report file', () => {
  it('parses back to the report and ends with a newline', () => {
    const text = reportText(sampleReport());
    assert.deepEqual(JSON.parse(text), toJson(sampleReport()));
    assert.ok(text.endsWith('}\n'));
  });

  it('is refused by the schema when a key is not in it', () => {
    assert.equal(reportSchema.safeParse({ ...toJson(sampleReport()), extra: 1 }).success, false);
  });
});
