// Why a benchmark is not VALID, as lines for people: one for each check with the runs that it hit and the worst of them, so that
// ten runs with one and the same complaint are one line and not ten.

import { runsText } from '../contract/runs-text.ts';
import type { FailedRun, StoredRun } from '../contract/run-result.ts';
import type { GateResult } from '../contract/warning.ts';

type GatedRun = Pick<StoredRun, 'key' | 'measurement'>;

interface Complaint {
  readonly run: number;
  readonly gate: GateResult;
  /** Of the gate among those of its run. */
  readonly place: number;
}

const WHAT_IT_DID = {
  fail: (runs: string, count: number) =>
    `failed in ${runs}, which ${count === 1 ? 'is' : 'are'} INVALID`,
  warn: (runs: string) => `warns in ${runs}`,
} as const;

/** Of the gates with this status in `runs`, in the order in which runs list them; `of`: how many runs there are in all. */
export function gateReasons(
  runs: readonly GatedRun[],
  status: 'fail' | 'warn',
  of: number,
): readonly string[] {
  const byGate = new Map<string, Complaint[]>();
  for (const { key, measurement } of runs) {
    for (const [place, gate] of measurement.gates.entries()) {
      if (gate.status !== status) continue;
      byGate.set(gate.id, [...(byGate.get(gate.id) ?? []), { run: key.index, gate, place }]);
    }
  }
  const placeOf = (complaints: readonly Complaint[]): number => complaints[0]?.place ?? 0;
  const inOrder = [...byGate.values()].sort((a, b) => placeOf(a) - placeOf(b));
  return [
    ...inOrder.map((complaints) => gateReason(complaints, status, of)),
    ...unexplained(runs, status, of),
  ];
}

function gateReason(complaints: readonly Complaint[], status: 'fail' | 'warn', of: number): string {
  const [first, ...others] = complaints;
  if (first === undefined) return '';
  const worst = others.reduce((a, b) => (severity(b.gate) > severity(a.gate) ? b : a), first);
  const runs = [...new Set(complaints.map(({ run }) => run))];
  const what = WHAT_IT_DID[status](runsText(runs, of), runs.length);
  const where = runs.length === 1 ? '' : `; worst in run ${worst.run}`;
  return `${first.gate.id} (${first.gate.name}) ${what}${where}: ${worst.gate.message}`;
}

/** Gates that ask for at least their limit; all others allow at most that. */
const WANTS_AT_LEAST: ReadonlySet<string> = new Set(['G4', 'G6', 'G10', 'G14', 'S2']);

/** How far beyond its limit, as a share of it; comparable among results of one gate. */
function severity({ id, value, limit }: GateResult): number {
  if (value === null || limit === null) return -Infinity;
  const beyond = WANTS_AT_LEAST.has(id) ? limit - value : Math.abs(value) - limit;
  return beyond / Math.max(Math.abs(limit), Number.MIN_VALUE);
}

function unexplained(
  runs: readonly GatedRun[],
  status: 'fail' | 'warn',
  of: number,
): readonly string[] {
  const bare = runs
    .filter(({ measurement: { gates } }) => gates.every((gate) => gate.status !== status))
    .map(({ key }) => key.index);
  if (bare.length === 0) return [];
  const what = status === 'fail' ? 'INVALID' : 'of verdict WARN';
  const verb = bare.length === 1 ? 'is' : 'are';
  const text = runsText(bare, of);
  return [`${text.charAt(0).toUpperCase()}${text.slice(1)} ${verb} ${what}, and no gate says why.`];
}

/** One line for each code. */
export function failureReasons(failedRuns: readonly FailedRun[], of: number): readonly string[] {
  const byCode = new Map<string, FailedRun[]>();
  for (const run of failedRuns) byCode.set(run.code, [...(byCode.get(run.code) ?? []), run]);
  return [...byCode].map(([code, runs]) => {
    const measured = runs.map(({ key }) => key.index);
    const text = runsText(measured, of);
    return `${text.charAt(0).toUpperCase()}${text.slice(1)} failed (${code}): ${runs[0]?.message ?? ''}`;
  });
}
