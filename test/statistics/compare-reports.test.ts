// Two benchmarks against each other: how often the answer is right, by seeded simulation, and what it refuses to say.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configHash } from '../../src/config/config-hash.ts';
import type { BenchmarkConfig } from '../../src/contract/config.ts';
import { NAMING_KEYS } from '../../src/contract/experiment.ts';
import { DEFAULT_WATCH } from '../../src/contract/regression-watch.ts';
import type { MetricComparison } from '../../src/contract/comparison.ts';
import { compareReports, type NamedReport } from '../../src/statistics/compare-reports.ts';
import { compareSamples } from '../../src/statistics/compare-samples.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { comparisonMarkdown, comparisonText } from '../../src/report/comparison-text.ts';
import { reportOf, withEnvironment } from '../support/comparison-reports.ts';
import { gaussian } from '../support/random-variates.ts';
import { noLatency } from '../support/run-measurements.ts';

const OPTIONS = { equivalenceMargin: 0.03, regressionLimit: 0.03 };

function compared(baseline: NamedReport, candidate: NamedReport): readonly MetricComparison[] {
  return compareReports(baseline, [candidate], OPTIONS).candidates[0]?.metrics ?? [];
}

function one(metrics: readonly MetricComparison[], name: string): MetricComparison {
  return metrics.find(({ metric }) => metric === name) ?? assert.fail(name);
}

/** Runs of 10 ms with a coefficient of variation of `cv`. */
function runsOf(seed: number, n: number, { cv = 0.03, level = 10_000 } = {}): number[] {
  const normal = gaussian(mulberry32(seed));
  return Array.from({ length: n }, () => level * (1 + cv * normal()));
}

/** Of how many of 1000 seeded pairs of ten runs p <= .05. */
function rejections(shift: number): number {
  let rejected = 0;
  for (let trial = 1; trial <= 1000; trial++) {
    const runs = runsOf(trial, 20);
    const baseline = runs.slice(0, 10);
    const candidate = runs.slice(10).map((value) => value * (1 + shift));
    const { pValue } = compareSamples({ metric: 'latency_p50', baseline, candidate }, 0.03);
    if (pValue <= 0.05) rejected += 1;
  }
  return rejected;
}

describe('the comparison of one metric', () => {
  it('finds a difference in 29 to 74 of 1000 benchmarks that were compared with their own kind', () => {
    const found = rejections(0);
    assert.ok(found >= 29 && found <= 74, `${found}`);
  });

  it('finds a shift of 5 % at a coefficient of variation of 3 % with ten runs a side in at least 85 %', () => {
    const found = rejections(0.05);
    assert.ok(found >= 850, `${found}`);
  });
});

describe('the comparison of two reports', () => {
  it('says different, with the shift in its interval, and that slower is worse', () => {
    const metrics = compared(
      reportOf('a', runsOf(1, 10)),
      reportOf('b', runsOf(2, 10, { level: 20_000 })),
    );
    const p50 = one(metrics, 'latency_p50');
    assert.equal(p50.verdict, 'different');
    assert.equal(p50.change, 'worse');
    assert.ok((p50.shift.low ?? 0) < 10_000 && 10_000 < (p50.shift.high ?? 0));
    assert.ok((p50.ratio?.low ?? 0) < 2 && 2 < (p50.ratio?.high ?? 0));
    assert.equal(p50.a12, 1);
    assert.equal(one(metrics, 'throughput_rps').change, 'worse');
    assert.ok(metrics.every(({ regression, metric }) => regression === (metric !== 'error_rate')));
  });

  it('calls what is faster better and no regression', () => {
    const comparison = compareReports(
      reportOf('a', runsOf(1, 10)),
      [reportOf('b', runsOf(2, 10, { level: 8000 }))],
      OPTIONS,
    );
    assert.equal(one(comparison.candidates[0]?.metrics ?? [], 'latency_p99').change, 'better');
    assert.equal(comparison.regressed, false);
  });

  const exact = { cv: 0.001 };
  const twoPercentSlower = (options: Partial<typeof OPTIONS>): MetricComparison => {
    const [candidate] = compareReports(
      reportOf('a', runsOf(1, 10, exact)),
      [reportOf('b', runsOf(2, 10, { ...exact, level: 10_200 }))],
      { ...OPTIONS, ...options },
    ).candidates;
    return one(candidate?.metrics ?? [], 'latency_p50');
  };

  it('calls a difference that is smaller than the limit no regression', () => {
    const p50 = twoPercentSlower({ equivalenceMargin: 0.01 });
    assert.equal(p50.verdict, 'different');
    assert.equal(p50.regression, false);
  });

  it('calls a difference equivalent that is surely there and surely within the margin', () => {
    const p50 = twoPercentSlower({});
    assert.ok((p50.adjustedP ?? 1) < 0.001);
    assert.equal(p50.verdict, 'equivalent');
    assert.equal(p50.change, null);
    assert.match(p50.note, /there is a difference, within the margin/);
  });

  it('calls it a regression all the same when the limit is below the margin', () => {
    const p50 = twoPercentSlower({ regressionLimit: 0.01 });
    assert.equal(p50.verdict, 'different');
    assert.equal(p50.regression, true);
  });

  it('says equivalent only when the interval lies within the margin', () => {
    const close = compared(
      reportOf('a', runsOf(3, 10, { cv: 0.01 })),
      reportOf('b', runsOf(4, 10, { cv: 0.01 })),
    );
    assert.equal(one(close, 'latency_p50').verdict, 'equivalent');
    const wide = compared(
      reportOf('a', runsOf(3, 10, { cv: 0.1 })),
      reportOf('b', runsOf(4, 10, { cv: 0.1 })),
    );
    assert.equal(one(wide, 'latency_p50').verdict, 'inconclusive');
    assert.match(one(wide, 'latency_p50').note, /neither a difference nor its absence is shown/);
  });

  it('takes equal runs for equivalent, without a NaN', () => {
    const same = reportOf(
      'a',
      Array.from({ length: 8 }, () => 10_000),
    );
    for (const metric of compared(
      same,
      reportOf(
        'b',
        Array.from({ length: 8 }, () => 10_000),
      ),
    )) {
      assert.equal(metric.verdict, 'equivalent');
      assert.equal(metric.pValue, 1);
      assert.equal(metric.adjustedP, null);
      assert.equal(metric.shift.value, 0);
    }
    const [candidate] = compareReports(same, [same], OPTIONS).candidates;
    assert.deepEqual(candidate?.caveats, ['both are the same measurement']);
  });

  it('has no verdict below four runs a side, and no interval for one', () => {
    const few = compared(reportOf('a', runsOf(1, 10)), reportOf('b', [90_000, 91_000, 92_000]));
    assert.deepEqual([...new Set(few.map(({ verdict }) => verdict))], ['too-few-runs']);
    assert.match(few[0]?.note ?? '', /need at least 4 runs a side, there are 10 and 3/);
    const single = compared(reportOf('a', runsOf(1, 10)), reportOf('b', [90_000]));
    assert.equal(one(single, 'latency_p50').ratio, null);
    assert.equal(one(single, 'latency_p50').shift.low, null);
  });

  it('says how many runs a difference among four metrics would need at all', () => {
    const metrics = compared(
      reportOf('a', runsOf(1, 4)),
      reportOf('b', runsOf(2, 4, { level: 20_000 })),
    );
    const p50 = one(metrics, 'latency_p50');
    // 2 / C(8, 4) is .0286, times four tests .114; five a side give 2 / C(10, 5) · 4 = .0317.
    assert.equal(p50.verdict, 'inconclusive');
    assert.match(p50.note, /4 against 4 runs cannot show any difference among 4 metrics; need 5/);
    assert.equal(p50.decidable, false);
    assert.equal(one(metrics, 'error_rate').decidable, true);
  });

  it('says of every metric whether so many runs among so many metrics could show a difference at all', () => {
    for (const [runs, candidates, decidable] of [
      [3, 1, false],
      [4, 1, false], // 4 · 2 / C(8, 4) = .114
      [5, 1, true], // 4 · 2 / C(10, 5) = .0317
      [5, 2, false], // 8 · 2 / C(10, 5) = .0635
      [6, 2, true], // 8 · 2 / C(12, 6) = .0173
    ] as const) {
      const others = Array.from({ length: candidates }, (_, index) =>
        reportOf(`b${index}`, runsOf(index + 2, runs, { level: 20_000 })),
      );
      const all = compareReports(reportOf('a', runsOf(1, runs)), others, OPTIONS).candidates;
      for (const { metrics } of all) {
        const p50 = one(metrics, 'latency_p50');
        assert.equal(p50.decidable, decidable, `${runs} runs, ${candidates} candidates`);
        assert.equal(p50.verdict === 'different', decidable);
      }
    }
  });

  it('names what it does not compare, and which report lacks it', () => {
    const withoutOkCalls = (name: string): NamedReport => {
      const { report } = reportOf(name, runsOf(1, 8, { cv: 0.001 }));
      const runs = report.runs.map((run) => ({
        ...run,
        loombench: { ...run.loombench, latency: noLatency },
      }));
      return { name, report: { ...report, runs } };
    };
    const absentOf = (a: NamedReport, b: NamedReport) =>
      compareReports(a, [b], OPTIONS).candidates[0]?.absent;
    const whole = reportOf('a', runsOf(1, 8));
    const latencies = ['latency_p50', 'latency_p95', 'latency_p99'];
    const lackedBy = (...names: string[]) =>
      latencies.map((metric) => ({ metric, lackedBy: names }));
    assert.deepEqual(absentOf(whole, whole), []);
    assert.deepEqual(absentOf(whole, withoutOkCalls('b')), lackedBy('b'));
    assert.deepEqual(absentOf(withoutOkCalls('a'), whole), lackedBy('a'));
    assert.deepEqual(absentOf(withoutOkCalls('a'), withoutOkCalls('b')), lackedBy('a', 'b'));
    const both = compareReports(withoutOkCalls('a'), [withoutOkCalls('b')], OPTIONS);
    // Throughput and error rate are the same; that is not every metric.
    assert.match(comparisonText(both), /^INCONCLUSIVE: latency_p50, latency_p95, latency_p99\n/);
    assert.match(
      comparisonMarkdown(both),
      /^- not compared: latency\\_p50, latency\\_p95, latency\\_p99: no value in a and b$/m,
    );
  });

  it('corrects over all candidates at once', () => {
    const baseline = reportOf('a', runsOf(1, 10));
    const candidate = reportOf('b', runsOf(2, 10, { level: 10_400 }));
    const alone = compareReports(baseline, [candidate], OPTIONS).candidates[0];
    const among = compareReports(
      baseline,
      [candidate, reportOf('c', runsOf(5, 10)), reportOf('d', runsOf(6, 10))],
      OPTIONS,
    ).candidates[0];
    const p = (each: typeof alone) => one(each?.metrics ?? [], 'latency_p50').adjustedP ?? 0;
    assert.ok(p(among) > p(alone));
  });

  it('leaves INVALID and interrupted runs out', () => {
    const { report } = reportOf('a', runsOf(1, 10));
    const runs = report.runs.map((run, index) =>
      index < 3 ? { ...run, loombench: { ...run.loombench, verdict: 'INVALID' as const } } : run,
    );
    const metrics = compared(
      { name: 'a', report: { ...report, runs } },
      reportOf('b', runsOf(2, 10)),
    );
    assert.equal(metrics[0]?.baseline.n, 7);
  });
});

describe('what may be compared', () => {
  const baseline = reportOf('a.json', runsOf(1, 6));
  const objections = (candidate: NamedReport): readonly string[] =>
    compareReports(baseline, [candidate], OPTIONS).candidates[0]?.objections ?? [];
  const changed = (config: Partial<(typeof baseline)['report']['loombench']['config']>) => {
    const { report } = baseline;
    const loombench = { ...report.loombench, config: { ...report.loombench.config, ...config } };
    return { name: 'b.json', report: { ...report, loombench } };
  };

  it('is the same experiment, however often it was repeated and whatever was demanded of it', () => {
    assert.deepEqual(objections(changed({ runs: 99, sloLatencyMs: 5 })), []);
  });

  it('is the same experiment wherever it ran, and whatever became of its result: what the hash leaves out', () => {
    const naming = {
      scenarioName: 'x',
      outputPath: 'x',
      reportFormats: ['html'],
      watch: { ...DEFAULT_WATCH, notifyCommand: 'tell' },
      hosts: { host: 'bench-1', onLoss: 'wait', lossLimitMs: 1 },
    } as const satisfies Required<Pick<BenchmarkConfig, (typeof NAMING_KEYS)[number]>>;
    const { config } = baseline.report.loombench;
    for (const key of NAMING_KEYS) {
      const change = { [key]: naming[key] };
      assert.deepEqual(objections(changed(change)), [], key);
      assert.equal(configHash({ ...config, ...change }), configHash(config), key);
    }
  });

  it('is not another configuration; the settings that differ are named', () => {
    assert.deepEqual(objections(changed({ concurrency: 99 })), [
      `the configurations differ: concurrency ${baseline.report.loombench.config.concurrency} and 99`,
    ]);
  });

  it('is not another CPU model, number of CPUs, operating system or CPU limit', () => {
    assert.match(
      objections(withEnvironment(baseline, { cpu_model: 'Other 9000' }))[0] ?? '',
      /the CPU models differ: .* and "Other 9000"/,
    );
    assert.match(
      objections(withEnvironment(baseline, { num_cpu: 99 }))[0] ?? '',
      /numbers of CPUs/,
    );
    assert.match(
      objections(withEnvironment(baseline, { goos: 'plan9' }))[0] ?? '',
      /the operating systems differ/,
    );
    const { report } = baseline;
    const environment = { ...report.loombench.environment, cgroupCpuLimitCores: 0.5 };
    const limited = {
      name: 'b',
      report: { ...report, loombench: { ...report.loombench, environment } },
    };
    assert.deepEqual(objections(limited), ['the CPU limits (cores) differ: null and 0.5']);
  });

  it('may be on a machine with other memory, which is said beside the numbers', () => {
    const caveats = (candidate: NamedReport): readonly string[] =>
      compareReports(baseline, [candidate], OPTIONS).candidates[0]?.caveats ?? [];
    const { report } = baseline;
    const withMemory = (ram_total_mb: number): NamedReport =>
      withEnvironment(baseline, { ram_total_mb });
    const limited = (cgroupMemoryLimitBytes: number | null): NamedReport => {
      const environment = { ...report.loombench.environment, cgroupMemoryLimitBytes };
      return { name: 'b', report: { ...report, loombench: { ...report.loombench, environment } } };
    };
    const own = ['both are the same measurement'];
    // 24,105 MB, and what another kernel leaves of the same 24 GB.
    for (const same of [withMemory(24_105), withMemory(23_980), limited(null)]) {
      assert.deepEqual(caveats(same), own);
    }
    assert.deepEqual(caveats(withMemory(48_200)), [
      ...own,
      'other memory sizes: 23.5 GB and 47.1 GB',
    ]);
    assert.deepEqual(caveats(limited(512 * 1024 ** 2)), [
      ...own,
      'other memory limits: none and 512 MB',
    ]);
    const { environment } = report;
    const unknown = { ...environment } as {
      -readonly [K in keyof typeof environment]: (typeof environment)[K];
    };
    delete unknown.ram_total_mb;
    assert.deepEqual(caveats({ name: 'b', report: { ...report, environment: unknown } }), [
      ...own,
      'other memory sizes: 23.5 GB and unknown',
    ]);
    assert.deepEqual(objections(withMemory(48_200)), []);
    const both = compareReports(baseline, [withMemory(48_200)], OPTIONS);
    assert.match(comparisonText(both), /bear in mind: other memory sizes: 23\.5 GB and 47\.1 GB/);
    assert.match(comparisonMarkdown(both), /other memory sizes: 23\.5 GB and 47\.1 GB/);
  });

  it('is not an INVALID or cancelled benchmark, nor another scenario', () => {
    const invalid = reportOf('b.json', runsOf(2, 6), { verdict: 'INVALID', status: 'cancelled' });
    assert.deepEqual(objections(invalid), [
      'b.json is INVALID: its numbers prove nothing',
      'b.json was cancelled: it is a part of a benchmark',
    ]);
    const other = { name: 'b', report: { ...baseline.report, scenario: 'other' } };
    assert.match(objections(other)[0] ?? '', /the scenarios differ/);
  });
});
