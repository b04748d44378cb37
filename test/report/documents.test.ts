// The documents that a report can become: whole ones as golden files, made from a report whose figures can be worked out on
// paper, and what must hold of any: the same numbers everywhere, in the unit that the name says, and no text taken for code.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { JsonReport, Stats } from '../../src/contract/report.ts';
import type { GateResult } from '../../src/contract/warning.ts';
import { toJson } from '../../src/report/to-json.ts';
import { golden } from './golden.ts';
import { parseCsv, parsePrometheus, render } from './read-documents.ts';
import {
  ALL_FAILED,
  latency,
  measurement,
  P99_THRESHOLD,
  sampleReport,
  stats,
  storedRun,
  streamingChanges,
} from './sample-report.ts';
import { statisticsChanges } from './sample-statistics.ts';

const GATES: readonly GateResult[] = [
  {
    id: 'G1',
    name: 'all calls accounted for',
    status: 'pass',
    value: 0,
    limit: 0,
    unit: 'calls',
    message: 'Every call has one outcome.',
  },
  {
    id: 'G2',
    name: 'generator not busy',
    status: 'warn',
    value: 2295,
    limit: 2000,
    unit: 'µs',
    message: 'loop delay p99 2295 µs is above 2000 µs',
  },
  {
    id: 'G7',
    name: 'target agrees',
    status: 'fail',
    value: 3,
    limit: 0,
    unit: 'calls',
    message: '3 calls < & > "unknown" to the target',
  },
  {
    id: 'G9',
    name: 'no throttling',
    status: 'not-measured',
    value: null,
    limit: null,
    unit: '',
    message: 'the platform does not say',
  },
];

const GATED: Partial<BenchmarkReport> = {
  verdict: 'INVALID',
  reasons: [
    'G7 (target agrees) failed in run 1, which is INVALID: 3 calls < & > "unknown" to the target',
  ],
  runs: [storedRun(1, { gates: GATES, verdict: 'INVALID' })],
  thresholds: [P99_THRESHOLD],
};

const EXTENSIONS = { markdown: 'md', csv: 'csv', junit: 'junit.xml', prometheus: 'prom' } as const;
const DOCUMENTS = Object.keys(EXTENSIONS) as (keyof typeof EXTENSIONS)[]; // widened by Object.keys

describe('the documents of a report', () => {
  const cases: readonly [string, Partial<BenchmarkReport>][] = [
    ['plain', {}],
    ['streams', streamingChanges()],
    ['all-failed', ALL_FAILED],
    ['gates', GATED],
    ['statistics', statisticsChanges()],
  ];
  for (const [name, changes] of cases) {
    for (const format of DOCUMENTS) {
      it(`are as they were: ${name} as ${format}`, () => {
        golden(`${name}.${EXTENSIONS[format]}`, render(format, changes));
      });
    }
  }

  it('never hold a number that is not one', () => {
    for (const format of DOCUMENTS) {
      for (const changes of [ALL_FAILED, { runs: [] }]) {
        assert.doesNotMatch(render(format, changes), /NaN|Infinity|undefined|\[object/, format);
      }
    }
  });

  it('are the file itself as json', () => {
    assert.equal(render('json'), `${JSON.stringify(toJson(sampleReport()))}\n`);
  });
});

const HOSTILE = ['=cmd()', '+1', '-1+1', '@SUM(A1)', '\t=1', ' =1', '|calc', '＝1'];

describe('the spreadsheet of a report', () => {
  it('shows a name and an error text that begin like a formula as text', () => {
    for (const text of HOSTILE) {
      const config = { ...sampleReport().config, scenarioName: text };
      const topErrors = [{ status: text, message: 'x', count: 1 }];
      const [first] = parseCsv(render('csv', { config, runs: [storedRun(1, { topErrors })] }));
      assert.equal(first?.['scenario'], `'${text}`);
      assert.match(first['most_frequent_error'] ?? '', /^'/);
    }
  });

  it('keeps a negative number a number', () => {
    const aggregate = { ...sampleReport().aggregate, latency_p50_us: stats(1.5, 1.5) };
    const low = parseCsv(render('csv', { aggregate })).find((row) => row['row'] === 'ci95_low');
    assert.equal(low?.['latency_p50_us'], '-1.5');
  });

  it('leaves out what no run has, and says beside an empty cell why it is empty', () => {
    const rows = parseCsv(render('csv'));
    assert.equal(rows[0]?.['ttft_p50_us'], undefined);
    const short = storedRun(1, { latency: { ...latency(900, 13_502) } });
    const long = storedRun(2, { latency: { ...latency(10_000, 13_502) } });
    const [first, second] = parseCsv(render('csv', { runs: [short, long] }));
    assert.deepEqual([first?.['latency_p999_us'], second?.['latency_p999_us']], ['', '19000']);
    assert.match(first?.['note'] ?? '', /needs at least 1000 ok calls in a run/);
  });

  it('survives quotes, commas and line ends in texts', () => {
    const topErrors = [{ status: 'INTERNAL', message: 'a "b", c', count: 1 }];
    const [first] = parseCsv(render('csv', { runs: [storedRun(1, { topErrors })] }));
    assert.equal(first?.['most_frequent_error'], 'INTERNAL: a "b", c');
  });
});

describe('the Markdown of a report', () => {
  it('begins with the verdict', () => {
    assert.match(render('markdown', { verdict: 'INVALID' }), /^### INVALID /);
  });

  it('keeps markup, mentions and table bars of a foreign text inside a code span', () => {
    const message = '@everyone <img src=x> | ``` [x](y) `';
    const topErrors = [{ status: 'INTERNAL', message, count: 1 }];
    const text = render('markdown', { runs: [storedRun(1, { topErrors })] });
    assert.ok(text.includes(`- 1 × \`\`\`\` INTERNAL: ${message} \`\`\`\``), text);
  });
});

describe('the Prometheus text of a report', () => {
  it('escapes what a label may not hold', () => {
    const config = { ...sampleReport().config, scenarioName: 'a"b\\c\nd' };
    const [first] = parsePrometheus(render('prometheus', { config }));
    assert.equal(first?.labels['scenario'], 'a\\"b\\\\c\\nd');
  });

  it('leaves out what is not there', () => {
    const samples = parsePrometheus(render('prometheus', ALL_FAILED));
    assert.deepEqual(
      samples.filter(({ name }) => name.includes('latency')),
      [],
    );
    assert.ok(samples.every(({ value }) => Number.isFinite(value)));
  });
});

const AGGREGATES = [
  [
    'throughput_rps',
    'loombench_throughput_calls_per_second',
    '',
    (r) => r.aggregate.throughput_rps,
  ],
  ['latency_p50_us', 'loombench_latency_seconds', '0.5', (r) => r.aggregate.latency_p50_us],
  ['latency_p90_us', 'loombench_latency_seconds', '0.9', (r) => r.aggregate.latency_p90_us],
  ['latency_p95_us', 'loombench_latency_seconds', '0.95', (r) => r.aggregate.latency_p95_us],
  ['latency_p99_us', 'loombench_latency_seconds', '0.99', (r) => r.aggregate.latency_p99_us],
  ['error_rate_share', 'loombench_error_rate_ratio', '', (r) => r.loombench.errorRate],
] as const satisfies readonly (readonly [string, string, string, (r: JsonReport) => Stats])[];

describe('all documents of one report', () => {
  const report = toJson(sampleReport());
  const csv = parseCsv(render('csv'));
  const prometheus = parsePrometheus(render('prometheus'));
  const junit = render('junit');

  for (const [column, family, quantile, statsOf] of AGGREGATES) {
    it(`agree with the report file on every statistic of ${column}`, () => {
      const expected = statsOf(report);
      for (const key of [
        'median',
        'mean',
        'stddev',
        'ci95_low',
        'ci95_high',
        'min',
        'max',
      ] as const) {
        const value = expected[key];
        const cell = csv.find((row) => row['row'] === key)?.[column];
        assert.equal(cell, String(value), `csv ${key}`);
        const sample = prometheus.find(
          ({ name, labels }) =>
            name === family &&
            labels['statistic'] === key &&
            (labels['quantile'] ?? '') === quantile,
        );
        const perBase = column.endsWith('_us') ? 1_000_000 : 1;
        assert.equal(sample?.value, Number(value) / perBase, `prometheus ${key}`);
        assert.ok(
          junit.includes(`name="${column}.${key}" value="${String(value)}"`),
          `junit ${key}`,
        );
      }
    });
  }

  it('show the same rounded figures to people: text and Markdown', () => {
    const cellsOf = (text: string, separator: RegExp): string[] => {
      const line = text.split('\n').find((candidate) => /^\W*latency p50\b/.test(candidate)) ?? '';
      return line.split(separator).filter((cell) => cell !== '');
    };
    const markdown = cellsOf(render('markdown'), /\s*\|\s*/);
    // 13 502 µs with a spread of 212: median ± 2 · 212 for the interval, ± 212 for the extremes.
    assert.deepEqual(markdown, [
      'latency p50',
      'ms',
      '13.50',
      '13.08 … 13.93',
      '1.6 %',
      '13.29',
      '13.71',
    ]);
    assert.deepEqual(cellsOf(render('text'), /\s{2,}/), markdown);
  });

  it('agree on the figures of each run', () => {
    const { latency: summary, throughputRps } = measurement();
    for (const run of csv.filter((row) => row['row'] === 'run')) {
      assert.equal(run['latency_p99_us'], String(summary.p99Us));
      assert.equal(run['throughput_rps'], String(throughputRps));
      const sample = prometheus.find(
        ({ name, labels }) =>
          name === 'loombench_run_latency_seconds' &&
          labels['run'] === run['run'] &&
          labels['quantile'] === '0.99',
      );
      assert.equal(sample?.value, Number(summary.p99Us) / 1_000_000);
    }
  });
});
