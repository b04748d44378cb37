import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { HistorySeries } from '../../src/contract/history.ts';
import { acknowledgementsFor } from '../../src/history/acknowledge.ts';
import { judgeResult, type JudgeRules } from '../../src/history/judge.ts';
import { seriesOf } from '../../src/history/read-history.ts';
import { trendOf, type Remarks } from '../../src/history/trend.ts';
import { historyShowText, historyTrendText } from '../../src/cli/history/history-text.ts';
import { trendHtml } from '../../src/report/trend-html.ts';
import { stats } from '../report/sample-report.ts';
import { entryOf, nightlyReport, noisySeries } from '../support/report-series.ts';

const NOTHING: Remarks = { acknowledged: [], baselines: [] };
const RULES: JudgeRules = { against: 'auto', minMagnitude: 0.03 };

function seriesOfNights(
  values: readonly number[],
  changes: (night: number) => Partial<BenchmarkReport> = () => ({}),
): HistorySeries {
  const [series] = seriesOf(
    values.map((value, night) => entryOf(nightlyReport(night, value, changes(night)))),
  );
  assert.ok(series);
  return series;
}

const judge = (series: HistorySeries, remarks = NOTHING, rules = RULES) =>
  judgeResult(series, remarks, { benchmarkId: series.entries.at(-1)?.benchmarkId ?? '', rules });

describe('the trend of a series', () => {
  const slower = seriesOfNights(
    noisySeries({ seed: 1, length: 60, cv: 0.02, at: 40, shift: -0.05 }),
  );

  it('names the first result after a change, the commits on both sides, and which way it went', () => {
    const { changes } = trendOf(slower, NOTHING);
    const throughput = changes.find((change) => change.metric === 'throughputRps');
    assert.ok(throughput);
    assert.equal(throughput.direction, 'worse');
    assert.ok(Math.abs(throughput.index - 40) <= 1);
    assert.equal(throughput.firstAfter.benchmarkId, `nightly-${throughput.index}`);
    assert.equal(throughput.firstAfter.commit, `c0${throughput.index}`);
    assert.equal(throughput.lastBefore.commit, `c0${throughput.index - 1}`);
    const p99 = changes.find((change) => change.metric === 'latencyP99Us');
    assert.equal(p99?.direction, 'worse');
    assert.ok((p99.magnitude ?? 0) > 0.03);
  });

  it('keeps an acknowledgement on its change while later results move its place a little', () => {
    const [first] = trendOf(slower, NOTHING).changes;
    assert.ok(first);
    const neighbour = slower.entries[first.index + 1]?.benchmarkId ?? '';
    const { seriesId } = slower;
    const one = {
      seriesId,
      metric: first.metric,
      benchmarkId: neighbour,
      note: 'known',
      atUtc: '',
    };
    const { changes } = trendOf(slower, { ...NOTHING, acknowledged: [one] });
    assert.deepEqual(
      changes.filter((change) => change.acknowledged !== null).map((change) => change.metric),
      [first.metric],
    );
  });

  it('shows in every form that what left a level of 0 has no ratio to it, and why', () => {
    const served = (rps: number): Partial<BenchmarkReport> => {
      const { aggregate } = nightlyReport(0, 1000);
      return { aggregate: { ...aggregate, throughput_rps: { ...stats(1, 0), median: rps } } };
    };
    const rates = [0, 0, 0, 0, 0, 0, 900, 900, 900, 900];
    const series = seriesOfNights(Array<number>(10).fill(1000), (night) =>
      served(rates[night] ?? 0),
    );
    const trend = trendOf(series, NOTHING);
    const history = { directory: '', series: [series], unreadable: [], copies: 0 };
    const forms = {
      trend: historyTrendText(history, trend, []),
      show: historyShowText(history, trend, []),
      page: trendHtml({ trend, apart: [], writtenAtUtc: 'now' }),
    };
    for (const [form, text] of Object.entries(forms)) {
      assert.match(text, /– \(a level of 0 has no ratio to another\)/, form);
      assert.doesNotMatch(text, /Infinity|NaN|∞/, form);
    }
    assert.match(forms.trend, /^throughput better: – \(.*\), 0\/s to 900\.0\/s$/m);
    const [change] = trend.changes;
    assert.deepEqual([change?.index, change?.direction, change?.magnitude], [6, 'better', null]);
    assert.equal(judge(series).kind, 'steady');
  });

  it('calls a latency that rose from 0 worse, though by no ratio', () => {
    const p50 = (us: number): Partial<BenchmarkReport> => {
      const { aggregate } = nightlyReport(0, 1000);
      return { aggregate: { ...aggregate, latency_p50_us: { ...stats(1, 0), median: us } } };
    };
    const series = seriesOfNights(Array<number>(10).fill(1000), (night) => p50(night < 6 ? 0 : 90));
    const finding = judge(series);
    assert.deepEqual(
      finding.regressions.map(({ metric, magnitude, magnitudeAbsence }) => [
        metric,
        magnitude,
        magnitudeAbsence,
      ]),
      [['latencyP50Us', null, 'a level of 0 has no ratio to another']],
    );
    assert.match(
      finding.reasons[0] ?? '',
      /^latency p50 is worse since nightly-6: – \(a level of 0 has no ratio to another\)/,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(finding)), finding);
  });

  it('says what it left out', () => {
    const values = noisySeries({ seed: 2, length: 6, cv: 0.01 });
    const series = seriesOfNights(values, (night) => ({
      ...(night === 2 ? { verdict: 'INVALID' as const } : {}),
      ...(night === 3 ? { loombenchVersion: '0.2.0' } : {}),
    }));
    const { notes } = trendOf(series, NOTHING);
    assert.match(notes.join('\n'), /INVALID: 1 \(nightly-2\)/);
    assert.match(notes.join('\n'), /2 versions of loombench: 0\.1\.0, 0\.2\.0/);
  });
});

describe('the judgement of a new result', () => {
  const quiet = noisySeries({ seed: 7, length: 10, cv: 0.01 });

  it('is steady where the new result is one like the others', () => {
    const finding = judge(seriesOfNights(quiet));
    assert.deepEqual([finding.kind, finding.against, finding.results], ['steady', 'series', 9]);
  });

  it('is REGRESSED at the very first result that is far slower, and stays so on the next ones', () => {
    const first = judge(seriesOfNights([...quiet, 800]));
    assert.equal(first.kind, 'regressed');
    assert.equal(first.regressions[0]?.firstBenchmarkId, 'nightly-10');
    assert.equal(first.regressions[0].lastGoodBenchmarkId, 'nightly-9');
    assert.equal(first.regressions[0].commitAfter, 'c010');
    assert.match(
      first.reasons.join('\n'),
      /throughput is worse since nightly-10: −(19|20|21)\.\d %/,
    );
    for (const later of [
      [800, 805],
      [800, 805, 795, 801],
    ]) {
      const finding = judge(seriesOfNights([...quiet, ...later]));
      assert.equal(finding.regressions[0]?.firstBenchmarkId, 'nightly-10');
    }
  });

  it('is not REGRESSED by a result that is faster', () => {
    assert.equal(judge(seriesOfNights([...quiet, 1300])).kind, 'steady');
    assert.equal(judge(seriesOfNights([...quiet, 1300, 1310])).kind, 'steady');
  });

  it('is at rest once the change is acknowledged, and wakes at the next one', () => {
    for (const seen of [[800], [800, 805], [800, 805, 795, 801]]) {
      const series = seriesOfNights([...quiet, ...seen]);
      const acknowledged = acknowledgementsFor(
        { directory: '', series: [series], unreadable: [], copies: 0 },
        NOTHING,
        { benchmarkId: 'nightly-10', metric: null, note: 'a larger model', atUtc: '' },
      );
      assert.ok(acknowledged.some(({ metric }) => metric === 'throughputRps'));
      const remarks = { ...NOTHING, acknowledged };
      assert.equal(judge(series, remarks).kind, 'steady', `after ${seen.length}`);
      const goesOn = seriesOfNights([...quiet, ...seen, 798, 803, 800, 802]);
      assert.equal(judge(goesOn, remarks).kind, 'steady');
      const again = judge(seriesOfNights([...quiet, ...seen, 798, 803, 800, 802, 600]), remarks);
      assert.equal(again.kind, 'regressed');
    }
  });

  it('holds a result against its baseline by the runs of both', () => {
    const series = seriesOfNights([1000, 1001, 900]);
    const { seriesId } = series;
    const baselines = [{ seriesId, benchmarkId: 'nightly-0', atUtc: '' }];
    const finding = judge(series, { ...NOTHING, baselines });
    assert.deepEqual([finding.kind, finding.against], ['regressed', 'baseline']);
    assert.ok(Math.abs((finding.regressions[0]?.magnitude ?? 0) + 0.1) < 1e-3);
    const steady = judge(seriesOfNights([1000, 900, 1001]), { ...NOTHING, baselines });
    assert.equal(steady.kind, 'steady');
    const ofThree = { ...RULES, minMagnitude: 0.2 };
    assert.equal(judge(series, { ...NOTHING, baselines }, ofThree).kind, 'steady');
  });

  it('says why it does not judge', () => {
    assert.match(judge(seriesOfNights([1000, 1001])).reasons[0] ?? '', /1 earlier result/);
    const wanted = { ...RULES, against: 'baseline' } as const;
    assert.match(judge(seriesOfNights(quiet), NOTHING, wanted).reasons[0] ?? '', /baseline set/);
    const gone = { seriesId: seriesOfNights(quiet).seriesId, benchmarkId: 'old', atUtc: '' };
    const finding = judge(seriesOfNights(quiet), { ...NOTHING, baselines: [gone] });
    assert.deepEqual([finding.kind, finding.against], ['not-judged', null]);
    assert.match(finding.reasons[0] ?? '', /old is no longer/);
  });

  it('sees errors appear where there were none', () => {
    const errors = (rate: number): Partial<BenchmarkReport> => ({
      errorRate: { ...stats(1, 0), mean: rate },
    });
    const series = seriesOfNights(quiet, (night) => errors(night === 9 ? 0.02 : 0));
    const finding = judge(series);
    assert.deepEqual(
      finding.regressions.map(({ metric, magnitude }) => [metric, magnitude]),
      [['errorRate', 0.02]],
    );
    assert.match(finding.reasons[0] ?? '', /\+2\.0 percentage points/);
  });
});
