// What only an open loop has: how well its schedule was kept, and both times of a call side by side. Response time is
// what a user would have waited; service time is what a tool that counts from its own send would have said.

import type { ArrivalModel, LoadStage } from '../contract/config.ts';
import type { JsonRunResult } from '../contract/report.ts';
import type { OpenLoopFacts, RunMeasurement } from '../contract/run-result.ts';
import {
  countText,
  durationText,
  latencyText,
  latencyUnit,
  numberText,
  plural,
} from './number-text.ts';
import { right, RUNS_SHOWN } from './text-columns.ts';
import { textTable } from './text-table.ts';

/** 'open loop at 100 calls/s, evenly spaced' */
export function openLoopText(arrival: Exclude<ArrivalModel, { kind: 'closed' }>): string {
  switch (arrival.kind) {
    case 'constant':
      return `open loop at ${rateText(arrival.ratePerS)}, evenly spaced`;
    case 'poisson':
      return `open loop at ${rateText(arrival.ratePerS)}, Poisson`;
    case 'gamma':
      return `open loop at ${rateText(arrival.ratePerS)}, gamma of burstiness ${arrival.burstiness}`;
    case 'stages':
      return `open loop in ${stagesText(arrival.stages)}`;
    case 'replay':
      return `open loop by the schedule file ${arrival.path}`;
  }
}

/** As many as fit on a line. */
const STAGES_SHOWN = 5;

function stagesText(stages: readonly LoadStage[]): string {
  if (stages.length > STAGES_SHOWN) return plural(stages.length, 'stage');
  return `stages: ${stages.map(stageText).join(', ')}`;
}

function stageText({ ratePerS, durationMs, ramp }: LoadStage): string {
  const rate = ramp ? `up or down to ${rateText(ratePerS)}` : rateText(ratePerS);
  return `${rate} for ${durationText(durationMs)}`;
}

function rateText(ratePerS: number): string {
  return `${countText(ratePerS) === String(ratePerS) ? ratePerS : numberText(ratePerS)} calls/s`;
}

/** '' when no run was an open loop. */
export function openLoopTable(runs: readonly JsonRunResult[]): string {
  const open = runs.flatMap(({ run_number, loombench }) =>
    loombench.openLoop === null || loombench.openLoop === undefined
      ? []
      : [{ runNumber: run_number, measured: loombench, facts: loombench.openLoop }],
  );
  if (open.length === 0) return '';
  const unit = latencyUnit(open.map(({ measured }) => measured.serviceTime.p50Us));
  const columns = [
    'run',
    'asked/s',
    'achieved/s',
    `response p50 ${unit.name}`,
    'p99',
    `service p50 ${unit.name}`,
    'p99',
    'lateness p50 µs',
    'p99',
    'held by cap',
    'never sent',
    'generator cores',
  ].map(right);
  const rows = open
    .slice(0, RUNS_SHOWN)
    .map(({ runNumber, measured, facts }) => [
      String(runNumber),
      numberText(measured.offeredRps),
      numberText(measured.throughputRps),
      ...[measured.responseTime, measured.serviceTime].flatMap(({ p50Us, p99Us }) => [
        latencyText(p50Us, unit),
        latencyText(p99Us, unit),
      ]),
      ...scheduleCells(measured, facts),
    ]);
  return [
    textTable(columns, rows),
    'Response time counts from when a call was due, service time from when it was sent; the latencies above are response times.',
  ].join('\n');
}

function scheduleCells(measured: RunMeasurement, facts: OpenLoopFacts): readonly string[] {
  const { p50Us, p99Us } = measured.sendLateness;
  return [
    numberText(p50Us, 0),
    numberText(p99Us, 0),
    countText(facts.cappedCalls),
    countText(facts.unsentCalls),
    `${numberText(facts.generatorCores, 2)} (${facts.pacing})`,
  ];
}
