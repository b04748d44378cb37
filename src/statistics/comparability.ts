// Whether two reports may be compared: the same experiment, both believable, on the same kind of machine. What speaks
// against it is named one by one; what only has to be borne in mind is a caveat.

import { shapesMeasurement } from '../contract/experiment.ts';
import type { JsonReport } from '../contract/report.ts';

interface Side {
  readonly name: string;
  readonly report: JsonReport;
}

/** Each one refuses the comparison, unless it is forced. */
export function objectionsTo(baseline: Side, candidate: Side): string[] {
  return [
    ...[baseline, candidate].flatMap(ownObjections),
    ...scenarioObjections(baseline, candidate),
    ...configObjections(baseline, candidate),
    ...hardwareObjections(baseline, candidate),
  ];
}

function ownObjections({ name, report }: Side): string[] {
  const { status, verdict } = report.loombench;
  return [
    ...(verdict === 'INVALID' ? [`${name} is INVALID: its numbers prove nothing`] : []),
    ...(status === 'completed' ? [] : [`${name} was ${status}: it is a part of a benchmark`]),
  ];
}

function scenarioObjections(baseline: Side, candidate: Side): string[] {
  const [a, b] = [baseline.report.scenario, candidate.report.scenario];
  return a === b ? [] : [`the scenarios differ: ${text(a)} and ${text(b)}`];
}

function configObjections(baseline: Side, candidate: Side): string[] {
  const differing = differences(
    baseline.report.loombench.config,
    candidate.report.loombench.config,
    '',
  ).filter(({ path }) => shapesMeasurement(path.split('.')[0] ?? ''));
  return differing.length === 0
    ? []
    : [
        `the configurations differ: ${differing.map(({ path, a, b }) => `${path} ${a} and ${b}`).join(', ')}`,
      ];
}

interface Difference {
  readonly path: string;
  readonly a: string;
  readonly b: string;
}

function differences(a: unknown, b: unknown, path: string): Difference[] {
  if (!isRecord(a) || !isRecord(b)) {
    const [textA, textB] = [text(a), text(b)];
    return textA === textB ? [] : [{ path, a: textA, b: textB }];
  }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

const HARDWARE = [
  ['cpu_model', 'CPU models'],
  ['num_cpu', 'numbers of CPUs'],
  ['goarch', 'architectures'],
  ['goos', 'operating systems'],
  ['vm_size', 'machine sizes'],
] as const;

function hardwareObjections(baseline: Side, candidate: Side): string[] {
  const differ = (name: string, a: unknown, b: unknown): string[] =>
    a === b ? [] : [`the ${name} differ: ${text(a)} and ${text(b)}`];
  const limitOf = ({ report }: Side): number | null =>
    report.loombench.environment.cgroupCpuLimitCores;
  return [
    ...HARDWARE.flatMap(([key, name]) =>
      differ(name, baseline.report.environment[key], candidate.report.environment[key]),
    ),
    ...differ('CPU limits (cores)', limitOf(baseline), limitOf(candidate)),
  ];
}

/** Two sizes of machine differ by more; what a kernel leaves of one size differs by less. */
const SAME_MEMORY_WITHIN = 0.05;

/** It shapes less than processors do: most benchmarks need little of it. */
function memoryCaveats(baseline: Side, candidate: Side): string[] {
  const sizeOf = ({ report }: Side): number | null => report.environment.ram_total_mb ?? null;
  const limitOf = ({ report }: Side): number | null => {
    const { cgroupMemoryLimitBytes } = report.loombench.environment;
    return cgroupMemoryLimitBytes === null ? null : cgroupMemoryLimitBytes / 1024 ** 2;
  };
  const differ = (of: (side: Side) => number | null, name: string, absence: string): string[] => {
    const [a, b] = [of(baseline), of(candidate)];
    const isSame =
      a === null || b === null ? a === b : Math.abs(a - b) <= SAME_MEMORY_WITHIN * Math.max(a, b);
    return isSame
      ? []
      : [`other memory ${name}: ${memoryText(a) ?? absence} and ${memoryText(b) ?? absence}`];
  };
  return [...differ(sizeOf, 'sizes', 'unknown'), ...differ(limitOf, 'limits', 'none')];
}

function memoryText(megabytes: number | null): string | null {
  if (megabytes === null) return null;
  return megabytes < 1024 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

export function caveatsOf(baseline: Side, candidate: Side): string[] {
  const [a, b] = [baseline.report.loombench, candidate.report.loombench];
  const differ = (name: string, one: string, other: string): string[] =>
    one === other ? [] : [`${name}: ${one} and ${other}`];
  return [
    ...(a.benchmarkId === b.benchmarkId && a.startedAtUtc === b.startedAtUtc
      ? ['both are the same measurement']
      : []),
    ...differ('other hosts', a.environment.hostname, b.environment.hostname),
    ...memoryCaveats(baseline, candidate),
    ...differ('other Node versions', a.environment.nodeVersion, b.environment.nodeVersion),
    ...differ('other loombench versions', a.loombenchVersion, b.loombenchVersion),
    ...[baseline, candidate].flatMap(({ name, report }) =>
      report.loombench.warnings
        .filter(({ code }) => code === 'runs-not-independent')
        .map(() => `the runs of ${name} are not independent: p values are too small`),
    ),
  ];
}
