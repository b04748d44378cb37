// Levels of a suite with figures that a test chooses.

import type { SuiteMetric } from '../../src/contract/scenario.ts';
import type { Figure, LevelFigures, LevelOutcome, LevelResult } from '../../src/contract/suite.ts';

const NOTHING: Figure = { median: null, ci95Low: null, ci95High: null };

export function figures(medians: Readonly<Partial<Record<SuiteMetric, number>>>): LevelFigures {
  const figure = (metric: SuiteMetric): Figure => {
    const median = medians[metric];
    return median === undefined ? NOTHING : { median, ci95Low: null, ci95High: null };
  };
  return {
    throughput: figure('throughput'),
    latencyP50: figure('latencyP50'),
    latencyP90: figure('latencyP90'),
    latencyP99: figure('latencyP99'),
    errorRate: figure('errorRate'),
    timeToFirstToken: figure('timeToFirstToken'),
    firstCall: figure('firstCall'),
    targetMemory: figure('targetMemory'),
  };
}

export function measured(
  medians: Parameters<typeof figures>[0],
  verdict: 'VALID' | 'WARN' | 'INVALID' = 'VALID',
): LevelOutcome {
  return {
    kind: 'measured',
    verdict,
    reasons: ['because.'],
    figures: figures(medians),
    runs: 2,
    failedRuns: 0,
    report: { path: '/r/report.json', sha256: 'x', bytes: 1 },
    host: 'host-a',
  };
}

export function aLevelResult(overrides: Partial<LevelResult> = {}): LevelResult {
  return {
    scenario: 'peak_throughput',
    level: '16-workers',
    position: 1,
    value: 16,
    series: null,
    benchmarkId: 's--peak_throughput--16-workers',
    startedAtUtc: '2026-01-02T03:04:05.000Z',
    tookMs: 1500,
    outcome: measured({ throughput: 100 }),
    ...overrides,
  };
}
