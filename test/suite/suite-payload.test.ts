// What a suite's workflow sends and keeps, at its largest: all scenarios, ten runs a level, each run with something to say.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readSuiteRequest } from '../../src/config/suite-request.ts';
import { planSuite } from '../../src/suite/plan-suite.ts';
import { aLevelResult, measured } from '../support/suite-results.ts';

/** Temporal refuses a payload from 2 MB on, and a history from 50 MB on. */
const PAYLOAD_BYTES = 2 * 1024 * 1024;
const HISTORY_BYTES = 50 * 1024 * 1024;
const RUNS = 10;
const MEASURED = measured({ throughput: 1234.5678, latencyP99: 123_456 }, 'INVALID');
const SENTENCE = `Run 3 is INVALID: G2 ${'the generator was busy '.repeat(12)}.`;

assert.ok(MEASURED.kind === 'measured');
const OUTCOME = { ...MEASURED, reasons: Array.from({ length: RUNS }, () => SENTENCE) };

it('stays far below what Temporal takes for all twelve scenarios with ten runs a level that all failed a check', () => {
  const read = readSuiteRequest({ scenarios: ['all'], runs: RUNS });
  assert.ok(read.kind === 'ok');
  const planned = planSuite(read.request);
  assert.ok(planned.kind === 'ok');
  const { plan } = planned;
  assert.equal(plan.scenarios.length, 12);
  const levels = plan.levels.map(({ scenario, level, value, series }, index) =>
    aLevelResult({
      scenario,
      level,
      value,
      series,
      position: index + 1,
      benchmarkId: `${'s'.repeat(120)}--${scenario}--${level}`,
      outcome: OUTCOME,
    }),
  );
  const report = Buffer.byteLength(JSON.stringify({ plan, levels }));
  assert.ok(report < PAYLOAD_BYTES / 2, `${report} bytes to report`);
  // Each level is decided by what came of its scenario's earlier ones.
  const decisions = levels.map(({ scenario }, index) => {
    const results = levels.slice(0, index).filter((earlier) => earlier.scenario === scenario);
    return Buffer.byteLength(JSON.stringify({ scenario: plan.scenarios[0], results }));
  });
  assert.ok(
    Math.max(...decisions) < PAYLOAD_BYTES / 8,
    `${Math.max(...decisions)} bytes to decide`,
  );
  const all = decisions.reduce((sum, bytes) => sum + bytes, 0) + 3 * report;
  assert.ok(all < HISTORY_BYTES / 8, `${all} bytes in all`);
});
