// Each chart of the page against report.json: the numbers that its marks stand for, and where they are drawn.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { JsonRunResult, Stats } from '../../../src/contract/report.ts';
import type { ProcessSample } from '../../../src/contract/resources.ts';
import type { TimelineBucket } from '../../../src/contract/run-result.ts';
import {
  assertDrawnToScale,
  axisOf,
  linesOf,
  near,
  pointsOf,
  spansOf,
  tableOf,
  type DrawnLine,
} from './drawn.ts';
import type { ReportPage } from './fixture.ts';

type Opened = () => ReportPage;

export function chartTests(opened: Opened): void {
  runTests(opened);
  distributionTests(opened);
  timeTests(opened);
  roleTests(opened);
}

interface RunFigure {
  readonly chart: string;
  readonly series: string;
  readonly value: (run: JsonRunResult) => number | null | undefined;
}

const RUN_FIGURES: readonly RunFigure[] = [
  { chart: 'runs-throughput', series: 'throughput_rps', value: (run) => run.throughput_rps },
  { chart: 'runs-latency', series: 'latency_p50', value: (run) => run.latency_p50_us },
  { chart: 'runs-latency', series: 'latency_p99', value: (run) => run.latency_p99_us },
  {
    chart: 'runs-ttft',
    series: 'ttft_p50',
    value: ({ loombench }) => loombench.streams?.timeToFirstToken.p50Us,
  },
  {
    chart: 'runs-ttft',
    series: 'ttft_p99',
    value: ({ loombench }) => loombench.streams?.timeToFirstToken.p99Us,
  },
  {
    chart: 'runs-message-gap',
    series: 'message_gap_p50',
    value: ({ loombench }) => loombench.streams?.messageGap.p50Us,
  },
  {
    chart: 'runs-message-gap',
    series: 'message_gap_p99',
    value: ({ loombench }) => loombench.streams?.messageGap.p99Us,
  },
];

function runTests(opened: Opened): void {
  for (const { chart, series, value } of RUN_FIGURES) {
    it(`draws ${series} of every run at the value that the report has`, async () => {
      const { page, report } = opened();
      const axis = await axisOf(page, chart, 'y');
      const drawn = (await pointsOf(page, chart)).filter((point) => point.series === series);
      assert.equal(drawn.length, 3);
      assert.deepEqual(
        drawn.map(({ run, value: stated }) => [run, stated]),
        report.runs.map((run) => [run.run_number, value(run)]),
      );
      for (const { run, value: stated, y } of drawn) near(y, axis.at(stated), `run ${run}`);
    });
  }

  it('draws the interval of each percentile within its run', async () => {
    const { page, report } = opened();
    for (const percentile of ['p50', 'p99']) {
      const series = `latency_${percentile}`;
      const drawn = await spansOf(page, `#runs-latency path.interval[data-series="${series}"]`);
      const expected = report.runs.flatMap(({ run_number: run, loombench }) =>
        (loombench.percentileIntervals ?? []).flatMap(({ percentile: name, lowUs, highUs }) =>
          name !== percentile || lowUs === null || highUs === null
            ? []
            : [{ series, run, low: lowUs, high: highUs, value: null }],
        ),
      );
      assert.deepEqual(drawn, expected);
      if (percentile === 'p50') assert.equal(drawn.length, 3, 'a median has both bounds');
    }
  });

  it('draws the interval of the mean over the runs as a band, and the median as a line', async () => {
    const { page, report } = opened();
    const bands: readonly (readonly [string, string, Stats])[] = [
      ['runs-throughput', 'throughput_rps', report.aggregate.throughput_rps],
      ['runs-latency', 'latency_p50', report.aggregate.latency_p50_us],
      ['runs-latency', 'latency_p99', report.aggregate.latency_p99_us],
    ];
    for (const [chart, series, { ci95_low: low, ci95_high: high, median }] of bands) {
      const drawn = await spansOf(page, `#${chart} rect.band[data-series="${series}"]`);
      const band = low === null || high === null ? [] : [{ low, high }];
      assert.deepEqual(
        drawn.map((span) => ({ low: span.low, high: span.high })),
        band,
      );
      const line = page.locator(`#${chart} line.median[data-series="${series}"]`);
      assert.equal(await line.count(), median === null ? 0 : 1);
      if (median === null) continue;
      assert.equal(await line.getAttribute('data-median'), String(median));
      near(
        Number(await line.getAttribute('y1')),
        (await axisOf(page, chart, 'y')).at(median),
        series,
      );
    }
  });
}

/** Histograms are at most 1/2048 off, and the report rounds to whole microseconds. */
const off = (valueUs: number): number => valueUs / 2048 + 1;

function rawUs(run: JsonRunResult): readonly number[] {
  return [...(run.latency_histogram ?? assert.fail('the report has raw latencies'))].sort(
    (a, b) => a - b,
  );
}

/** Nearest rank; the quantiles of the curve are whole ten-thousandths. */
function nearestRank(sortedUs: readonly number[], quantile: number): number {
  const rank = Math.ceil((Math.round(quantile * 10_000) * sortedUs.length) / 10_000);
  return sortedUs[Math.max(rank, 1) - 1] ?? NaN;
}

function assertCurve(line: DrawnLine | undefined, sortedUs: readonly number[]): void {
  assert.ok(line !== undefined && line.points.length > 10);
  for (const { x, y } of line.points) {
    const expected = nearestRank(sortedUs, x);
    assert.ok(
      y !== null && Math.abs(y - expected) <= off(expected),
      `${line.series} at ${x}: ${y}`,
    );
  }
  const last = line.points.at(-1)?.x ?? NaN;
  assert.ok((1 - last) * sortedUs.length >= 0.999, 'no percentile without a call above it');
  for (const [index, { x, y }] of line.pixels.entries()) {
    const before = line.pixels[index - 1];
    assert.ok(before === undefined || (x > before.x && y <= before.y), 'a curve never falls');
  }
}

/** What the report states itself is drawn exactly so, as far as the curve goes. */
function assertStated(
  line: DrawnLine | undefined,
  stated: Readonly<Record<string, number | null>>,
): void {
  const drawn = new Map(line?.points.map(({ x, y }) => [String(x), y]));
  for (const [quantile, value] of Object.entries(stated)) {
    if (drawn.has(quantile)) assert.equal(drawn.get(quantile), value, `at ${quantile}`);
  }
}

function distributionTests(opened: Opened): void {
  const valid = (): readonly number[] =>
    opened()
      .report.runs.filter(({ loombench }) => loombench.verdict !== 'INVALID')
      .flatMap(rawUs)
      .sort((a, b) => a - b);

  it('draws the percentile curve of every run from its raw latencies', async () => {
    const { page, report } = opened();
    const lines = await linesOf(page, 'latency-percentiles');
    for (const run of report.runs) {
      const line = lines.find(({ series }) => series === `run ${run.run_number}`);
      assertCurve(line, rawUs(run));
      assertStated(line, {
        0.5: run.latency_p50_us,
        0.9: run.latency_p90_us,
        0.95: run.latency_p95_us,
        0.99: run.latency_p99_us,
      });
    }
  });

  it('draws the percentile curve of all valid runs together', async () => {
    const { page, report } = opened();
    const lines = await linesOf(page, 'latency-percentiles');
    const pooled = lines.find(({ series }) => series === 'all runs');
    if (valid().length === 0) {
      assert.equal(pooled, undefined);
      return;
    }
    assertCurve(pooled, valid());
    const stated = report.loombench.statistics?.pooledLatency?.percentiles ?? [];
    const valueOf = (name: string): number | null =>
      stated.find(({ percentile }) => percentile === name)?.valueUs ?? null;
    assertStated(pooled, {
      0.5: valueOf('p50'),
      0.9: valueOf('p90'),
      0.95: valueOf('p95'),
      0.99: valueOf('p99'),
    });
  });

  it('draws a histogram that counts every ok call of the valid runs once, where it belongs', async () => {
    const { page } = opened();
    const bars = await spansOf(page, '#latency-histogram rect.bar');
    const latencies = valid();
    assert.equal(
      bars.reduce((sum, { value }) => sum + (value ?? NaN), 0),
      latencies.length,
    );
    for (const [index, { low, high, value }] of bars.entries()) {
      const inside = latencies.filter((us) => us >= low && us < high).length;
      const nearEdge = latencies.filter(
        (us) => Math.abs(us - low) <= off(us) || Math.abs(us - high) <= off(us),
      ).length;
      assert.ok(Math.abs((value ?? NaN) - inside) <= nearEdge, `${value} in ${low} … ${high}`);
      assert.ok(index === 0 || bars[index - 1]?.high === low, 'bins leave no gap');
    }
  });

  it('draws the bars of the histogram as high as they count', async () => {
    const { page } = opened();
    if (valid().length === 0) return;
    const axis = await axisOf(page, 'latency-histogram', 'y');
    for (const bar of await page.locator('#latency-histogram rect.bar').all()) {
      const top = Number(await bar.getAttribute('y'));
      near(top, axis.at(Number(await bar.getAttribute('data-value'))), 'the top of a bar');
    }
  });
}

const TIME_LINES: readonly {
  readonly chart: string;
  readonly label: string;
  readonly value: (bucket: TimelineBucket) => number | null;
}[] = [
  { chart: 'time-throughput', label: 'calls completed', value: ({ requests }) => requests },
  { chart: 'time-throughput', label: 'errors', value: ({ errors }) => errors },
  { chart: 'time-latency', label: 'p50', value: ({ p50_us: us }) => us },
  { chart: 'time-latency', label: 'p99', value: ({ p99_us: us }) => us },
];

function timeTests(opened: Opened): void {
  for (const { chart, label, value } of TIME_LINES) {
    it(`draws ${label} of every second of every run as the report has it`, async () => {
      const { page, report } = opened();
      const lines = await linesOf(page, chart);
      for (const { run_number: run, loombench } of report.runs) {
        const timeline = loombench.timeline ?? assert.fail('a time series was collected');
        const line = lines.find(({ series }) => series === `run ${run}, ${label}`);
        assert.deepEqual(
          line?.points,
          timeline.map((bucket) => ({ x: bucket.second + 0.5, y: value(bucket) })),
        );
      }
    });
  }

  it('draws those seconds to scale, and shades what is outside the window', async () => {
    const { page, report } = opened();
    const [first] = report.runs;
    const ends = report.runs.map(({ loombench: { window } }) => window.endMs / 1000);
    for (const chart of ['time-throughput', 'time-latency']) {
      await assertDrawnToScale(page, chart);
      const axis = await axisOf(page, chart, 'x');
      const [warmup, drain] = await page.locator(`#${chart} rect.outside`).all();
      assert.ok(warmup !== undefined && drain !== undefined && first !== undefined);
      const startS = first.loombench.window.startMs / 1000;
      assert.equal(startS, 1);
      near(Number(await warmup.getAttribute('width')), axis.at(startS) - axis.at(0), 'warm-up');
      near(Number(await drain.getAttribute('x')), axis.at(Math.max(...ends)), 'drain');
    }
  });
}

const GAUGES: readonly (readonly [string, (sample: ProcessSample) => number | null])[] = [
  ['resources-cpu', ({ cpuUtilisation }) => cpuUtilisation],
  ['resources-memory', ({ rssBytes }) => rssBytes],
  ['resources-loop-delay', ({ eventLoopDelayP99Us }) => eventLoopDelayP99Us],
  ['resources-gc', ({ gc_pause_total_us: us }) => us],
];

/** '1,234' and '12.34' as numbers; the dash as null. */
const numberIn = (text: string): number | null =>
  text.startsWith('–') ? null : Number(text.split(' ')[0]?.replaceAll(',', ''));

function roleTests(opened: Opened): void {
  for (const [chart, value] of GAUGES) {
    it(`draws ${chart} of both processes of every run, never mixed`, async () => {
      const { page, report } = opened();
      const lines = await linesOf(page, chart);
      assert.equal(lines.length, 6, 'three runs, two roles');
      for (const { run_number: run, loombench } of report.runs) {
        for (const role of ['generator', 'target'] as const) {
          const samples = loombench.resources?.[role] ?? assert.fail(`${role} was sampled`);
          const line = lines.find(({ series }) => series === `run ${run}, ${role}`);
          assert.deepEqual(
            line?.points,
            samples.map((sample) => ({ x: sample.second, y: value(sample) })),
          );
        }
      }
      await assertDrawnToScale(page, chart);
    });
  }

  it('lists pauses of the collector by role as the report counts them', async () => {
    const { page, report } = opened();
    const [head = [], ...rows] = await tableOf(page, 'Pauses of the collector');
    const expected = report.runs.flatMap(({ run_number: run, loombench }) =>
      (loombench.gc ?? []).map(({ role, correlation }) => [
        run,
        role,
        correlation?.total_gc_pauses ?? null,
        correlation?.max_gc_pause_us ?? null,
        correlation?.total_gc_pause_us ?? null,
      ]),
    );
    assert.equal(expected.length, 6);
    const column = (name: string): number => head.findIndex((title) => title.startsWith(name));
    assert.deepEqual(
      rows.map((cells) => [
        Number(cells[0]),
        cells[1],
        ...['pauses', 'longest', 'all'].map((name) => numberIn(cells[column(name)] ?? '–')),
      ]),
      expected,
    );
  });

  it('lists streams, messages and tokens of every run as the report counts them', async () => {
    const { page, report } = opened();
    const [head = [], ...rows] = await tableOf(page, 'Streams of each run');
    const counts = ['streams', 'messages', 'tokens'].map((name) => head.indexOf(name));
    assert.deepEqual(
      rows.map((cells) => [
        Number(cells[0]),
        ...counts.map((column) => numberIn(cells[column] ?? '–')),
      ]),
      report.runs.map(({ run_number: run, loombench: { streams } }) => [
        run,
        streams?.streams,
        streams?.messages,
        streams?.tokens,
      ]),
    );
  });

  it('lists the status codes of all runs added up', async () => {
    const { page, report } = opened();
    const [, ...rows] = await tableOf(page, 'All calls of all runs by gRPC status');
    const totals = new Map<string, number>();
    for (const { loombench } of report.runs) {
      for (const { status, count } of loombench.statusCounts) {
        totals.set(status, (totals.get(status) ?? 0) + count);
      }
    }
    assert.ok(totals.size >= 2, 'some calls failed');
    const shown = rows.map(([status = '', count = '–']) => [status, numberIn(count)] as const);
    assert.deepEqual(new Map(shown), totals);
  });
}
