// What the two processes used while a run was measured, never mixed: a busy generator makes its own figures doubtful, a
// busy target is what was measured.

import type { JsonReport } from '../../contract/report.ts';
import { ROLES, type ProcessSample, type Role } from '../../contract/resources.ts';
import type { ShownUnit } from '../metric-text.ts';
import { shownValue } from '../metric-text.ts';
import { figure, line, Y_RANGE, type Chart } from './chart.ts';
import type { Markup } from './markup.ts';
import { domainOf, linearScale } from '../scale.ts';
import { numberTick } from './tick-text.ts';
import { groupsOf } from './timeline.ts';
import { secondsScale } from './timeline-charts.ts';

interface Gauge {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly unit: ShownUnit;
  readonly value: (sample: ProcessSample) => number | null;
}

const GAUGES: readonly Gauge[] = [
  {
    id: 'cpu',
    title: 'CPU',
    label: 'share of one core',
    unit: { name: '%', times: 100, per: 1 },
    value: ({ cpuUtilisation }) => cpuUtilisation,
  },
  {
    id: 'memory',
    title: 'Memory',
    label: 'resident set',
    unit: { name: 'MB', times: 1, per: 1_000_000 },
    value: ({ rssBytes }) => rssBytes,
  },
  {
    id: 'loop-delay',
    title: 'Event-loop delay',
    label: 'p99 of each second',
    unit: { name: 'ms', times: 1, per: 1000 },
    value: ({ eventLoopDelayP99Us }) => eventLoopDelayP99Us,
  },
  {
    id: 'gc',
    title: 'Garbage collection',
    label: 'pauses since the start, added up',
    unit: { name: 'ms', times: 1, per: 1000 },
    value: ({ gc_pause_total_us }) => gc_pause_total_us,
  },
];

const MARKS = { generator: 's1', target: 's4' } as const satisfies Record<Role, string>;

interface SampledRun {
  readonly runNumber: number;
  readonly role: Role;
  readonly points: readonly { readonly atS: number; readonly sample: ProcessSample }[];
}

export function resourceCharts(report: JsonReport): readonly Markup[] {
  const sampled = sampledRuns(report);
  if (sampled.length === 0) return [];
  return GAUGES.map((gauge) => figure(chartOf(gauge, sampled)));
}

/** Over all runs and roles together. */
const POINTS_MAX = 3000;

function sampledRuns({ runs }: JsonReport): readonly SampledRun[] {
  const collected = runs.flatMap(({ run_number, loombench: { resources } }) =>
    ROLES.flatMap((role) => {
      const samples = resources?.[role] ?? [];
      return samples.length === 0 ? [] : [{ runNumber: run_number, role, samples }];
    }),
  );
  const seconds = collected.reduce((sum, { samples }) => sum + samples.length, 0);
  const size = Math.max(1, Math.ceil(seconds / POINTS_MAX));
  return collected.map(({ runNumber, role, samples }) => ({
    runNumber,
    role,
    // One second of each group: what a process held then, not an average of what it never held.
    points: groupsOf(samples, size).flatMap(([sample]) =>
      sample === undefined ? [] : [{ atS: sample.second, sample }],
    ),
  }));
}

function chartOf({ id, title, label, unit, value }: Gauge, sampled: readonly SampledRun[]): Chart {
  const values = sampled.flatMap(({ points }) => points.map(({ sample }) => value(sample)));
  const roles = ROLES.filter((role) => sampled.some((run) => run.role === role));
  const x = secondsScale(sampled);
  const y = linearScale(domainOf(values, { zero: true }), Y_RANGE, numberTick(unit));
  return {
    id: `resources-${id}`,
    title: `${title} by role`,
    description: `${label.charAt(0).toUpperCase()}${label.slice(1)} of each process; one line per run and role.`,
    x: { label: 'seconds since the run began', scale: x },
    y: { label: `${label} (${unit.name})`, scale: y },
    background: [],
    marks: sampled.map(({ runNumber, role, points }) =>
      line(
        {
          series: `run ${runNumber}, ${role}`,
          mark: `${MARKS[role]} ${sampled.length > 2 ? 'thin' : ''}`,
          points: points.map(({ atS, sample }) => ({ x: atS, y: value(sample) })),
        },
        x,
        y,
      ),
    ),
    legend: roles.map((role) => ({ mark: MARKS[role], label: role })),
    table: {
      caption: `${title} by role`,
      columns: ['role', 'run', 'second', `${label} (${unit.name})`],
      rows: sampled.flatMap(({ runNumber, role, points }) =>
        points.map(({ atS, sample }) => [
          role,
          String(runNumber),
          String(atS),
          shownValue(value(sample), unit),
        ]),
      ),
      numbersFrom: 1,
    },
  };
}
