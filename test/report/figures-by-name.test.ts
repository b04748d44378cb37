// Each figure of a run under its own name, in every document that lists them: a run in which no two figures are equal shows
// one that stands under another's name. And counts up to the largest that a number holds keep every digit.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { LatencySummary } from '../../src/contract/run-result.ts';
import { parseCsv, parsePrometheus, render } from './read-documents.ts';
import { NO_LATENCY, storedRun } from './sample-report.ts';

function times(p50Us: number): LatencySummary {
  return { ...NO_LATENCY, n: 500, p50Us, p99Us: p50Us + 1 };
}

/** An open loop of streams, some of which failed. */
const MEASURED = {
  offeredRps: 10_000,
  throughputRps: 98.5,
  okThroughputRps: 97.5,
  latencyKind: 'response',
  responseTime: times(1100),
  serviceTime: times(1200),
  sendLateness: times(1300),
  overhead: times(1400),
  openLoop: {
    dueCalls: 10_011,
    sentCalls: 9_999,
    unsentCalls: 12,
    cappedCalls: 13,
    maxInFlight: 14,
    mostInFlight: 10,
    pacing: 'timer',
    generatorCores: 0.5,
  },
  streams: {
    streams: 21,
    messages: 22,
    tokens: 23,
    emptyStreams: 24,
    timeToFirstMessage: times(1500),
    timeToFirstToken: times(1600),
    messageGap: times(1700),
    maxGapPerStream: times(1800),
    lastMessageToStatus: times(1900),
    failedTimeToFirstToken: times(2000),
    failedMessages: 25,
    failedBytes: 26,
  },
} as const;

const COUNTS = {
  held_calls: 13,
  unsent_calls: 12,
  streams: 21,
  messages: 22,
  tokens: 23,
  empty_streams: 24,
  failed_messages: 25,
  failed_bytes: 26,
};
const RATES = { throughput: 98.5, ok_throughput: 97.5, offered: 10_000 };
/** p50 in µs; the p99 is 1 µs more. */
const TIMES = {
  response_time: 1100,
  service_time: 1200,
  send_lateness: 1300,
  overhead: 1400,
  ttfm: 1500,
  ttft: 1600,
  message_gap: 1700,
  max_gap_per_stream: 1800,
  last_message_to_status: 1900,
};

function reportOf(measured: Parameters<typeof storedRun>[1]): Partial<BenchmarkReport> {
  return { runs: [storedRun(1, measured)] };
}

/** Text of a number as it stands, or in groups of three. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

describe('the figures of a run', () => {
  it('stand under their own names in the spreadsheet', () => {
    const [row = {}] = parseCsv(render('csv', reportOf(MEASURED)));
    for (const [name, value] of Object.entries(COUNTS)) assert.equal(row[name], String(value));
    for (const [name, value] of Object.entries(RATES)) {
      assert.equal(row[`${name}_rps`], String(value));
    }
    for (const [name, us] of Object.entries(TIMES)) {
      assert.deepEqual(
        [row[`${name}_p50_us`], row[`${name}_p99_us`]],
        [`${us}`, `${us + 1}`],
        name,
      );
    }
  });

  it('stand under their own names for a scraper', () => {
    const samples = parsePrometheus(render('prometheus', reportOf(MEASURED)));
    const valueOf = (name: string, quantile?: string): number | undefined =>
      samples.find(
        (one) => one.name === `loombench_run_${name}` && one.labels['quantile'] === quantile,
      )?.value;
    for (const [name, value] of Object.entries(COUNTS)) assert.equal(valueOf(name), value, name);
    for (const [name, value] of Object.entries(RATES)) {
      assert.equal(valueOf(`${name}_calls_per_second`), value, name);
    }
    for (const [name, us] of Object.entries(TIMES)) {
      assert.equal(valueOf(`${name}_seconds`, '0.5'), us / 1e6, name);
      assert.equal(valueOf(`${name}_seconds`, '0.99'), (us + 1) / 1e6, name);
    }
  });

  it('stand in the page: what was asked for, both times, what was not sent, and what failed streams had brought', () => {
    const page = render('html', reportOf(MEASURED)).replaceAll(/<[^>]*>|\s/g, ' ');
    assert.match(page, /10,000 +1\.101 +1\.201 +1\.301 +13 +12 /);
    assert.match(page, /21 +22 +23 +24 +25 +26 /);
  });

  it('keep every digit of a count, up to the largest whole number that JSON carries', () => {
    const largest = String(Number.MAX_SAFE_INTEGER);
    assert.equal(largest, '9007199254740991');
    const { streams } = MEASURED;
    const tokens = Number.MAX_SAFE_INTEGER;
    const changes = reportOf({ ...MEASURED, streams: { ...streams, tokens } });
    for (const format of ['json', 'csv', 'prometheus', 'junit'] as const) {
      assert.ok(render(format, changes).includes(largest), format);
    }
    for (const format of ['html', 'text'] as const) {
      assert.ok(render(format, changes).includes(grouped(largest)), format);
    }
  });
});
