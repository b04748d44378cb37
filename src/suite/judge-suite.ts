// What the levels of a suite come to, all together. Each level was held against its own history; of many levels some look
// worse by chance alone, so that here it counts how many were looked at.

import { REGRESSION_MAX_P } from '../contract/history.ts';
import type {
  CapacityResult,
  LevelOutcome,
  LevelResult,
  RegressedLevel,
  SuiteJudgement,
  SuiteRegression,
  SuiteReport,
} from '../contract/suite.ts';
import type { Verdict } from '../contract/warning.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';

/** Reasons are for a person, and travel with the workflow's result. */
const MAX_NAMED = 10;

type Facts = Pick<SuiteReport, 'levels' | 'status' | 'capacity'>;
type Measured = Extract<LevelOutcome, { kind: 'measured' }>;

export function judgeSuite({ levels, status, capacity }: Facts): SuiteJudgement {
  if (capacity !== undefined) return judgeCapacity(capacity);
  if (levels.some((level) => measuredOf(level)?.trial !== undefined)) {
    return { verdict: 'INVALID', reasons: ['The search ended before it had found a rate.'] };
  }
  const history = besideHistory(levels);
  const kinds = kindsOf(levels);
  const hosts = hostsOf(levels);
  const isRegressed = (history.regression?.regressed.length ?? 0) > 0;
  return {
    verdict: isRegressed ? 'REGRESSED' : verdictOf(kinds, hosts.length),
    reasons: [
      ...(isRegressed ? history.reasons : []),
      ...levelReasons(kinds),
      ...hostReasons(hosts),
      ...(isRegressed ? [] : history.reasons),
      ...(status === 'completed' ? [] : ['It was cancelled before its end.']),
    ],
    ...(history.regression === null ? {} : { regression: history.regression }),
  };
}

interface LevelKinds {
  readonly measured: readonly LevelResult[];
  /** INVALID or failed. */
  readonly spoilt: readonly LevelResult[];
  readonly doubtful: readonly LevelResult[];
}

function kindsOf(levels: readonly LevelResult[]): LevelKinds {
  const measured = levels.filter((level) => measuredOf(level) !== null);
  const failed = levels.filter(({ outcome }) => outcome.kind === 'failed');
  return {
    measured,
    spoilt: [...levels.filter(isInvalid), ...failed],
    doubtful: measured.filter((level) => measuredOf(level)?.verdict === 'WARN'),
  };
}

function verdictOf({ measured, spoilt, doubtful }: LevelKinds, hosts: number): Verdict {
  if (spoilt.length > 0 || measured.length === 0) return 'INVALID';
  return doubtful.length > 0 || hosts > 1 ? 'WARN' : 'VALID';
}

interface HostShare {
  readonly host: string;
  readonly levels: number;
}

/** In the order in which they came. */
function hostsOf(levels: readonly LevelResult[]): HostShare[] {
  const counts = new Map<string, number>();
  for (const level of levels) {
    const host = measuredOf(level)?.host;
    if (host !== undefined) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return [...counts].map(([host, count]) => ({ host, levels: count }));
}

function hostReasons(hosts: readonly HostShare[]): string[] {
  if (hosts.length < 2) return [];
  const shares = hosts
    .slice(0, MAX_NAMED)
    .map(({ host, levels }) => `${host} (${levels} ${levels === 1 ? 'level' : 'levels'})`);
  const more = hosts.length - shares.length;
  return [
    `Measured on different hosts, which may be why levels differ: ${shares.join(', ')}${more > 0 ? ` and ${more} more` : ''}. ` +
      'With --host all are measured on one.',
  ];
}

/** As the exit code has it: a rate counts that a fresh run has confirmed. */
function judgeCapacity({ confirmed, text }: CapacityResult): SuiteJudgement {
  return { verdict: confirmed ? 'VALID' : 'INVALID', reasons: [text] };
}

function levelReasons({ measured, spoilt, doubtful }: LevelKinds): string[] {
  if (measured.length === 0) return ['No level was measured.'];
  return [
    ...(spoilt.length === 0 ? [] : [`Failed or INVALID: ${namesOf(spoilt)}.`]),
    ...(doubtful.length === 0 ? [] : [`With warnings: ${namesOf(doubtful)}.`]),
    ...(spoilt.length + doubtful.length === 0
      ? [`Every level that was measured passed its checks (${measured.length}).`]
      : []),
  ];
}

interface BesideHistory {
  readonly regression: SuiteRegression | null;
  readonly reasons: readonly string[];
}

function besideHistory(levels: readonly LevelResult[]): BesideHistory {
  const findings = levels.flatMap((level) => {
    const finding = measuredOf(level)?.regression;
    return finding === undefined ? [] : [{ level, finding }];
  });
  const judged = findings.filter(({ finding }) => finding.kind !== 'not-judged');
  if (judged.length === 0) {
    const why = findings[0]?.finding.reasons[0];
    return {
      regression: null,
      reasons: why === undefined ? [] : [`No level was held against its history. ${why}`],
    };
  }
  const suspects = judged.filter(({ finding }) => finding.kind === 'regressed');
  const found = benjaminiHochberg(
    suspects.map(({ finding }) => Math.min(...finding.regressions.map(({ p }) => p))),
    { alpha: REGRESSION_MAX_P, family: judged.length },
  );
  const regressed = suspects
    .filter((_, index) => found[index] === true)
    .map(({ level, finding }): RegressedLevel => {
      const { scenario, benchmarkId } = level;
      const { seriesId, reasons } = finding;
      return { scenario, level: level.level, benchmarkId, seriesId, reasons };
    });
  const chance = suspects.filter((_, index) => found[index] !== true).map(({ level }) => level);
  return {
    regression: { judged: judged.length, regressed },
    reasons: historyReasons(judged.length, regressed, chance),
  };
}

function historyReasons(
  judged: number,
  regressed: readonly RegressedLevel[],
  chance: readonly LevelResult[],
): string[] {
  const more = regressed.length - MAX_NAMED;
  return [
    ...regressed
      .slice(0, MAX_NAMED)
      .map(({ scenario, level, reasons }) => `${scenario}/${level}: ${reasons.join(' ')}`),
    ...(more > 0 ? [`${more} more levels are worse.`] : []),
    ...(chance.length === 0
      ? []
      : [
          `Worse taken alone, but no more than chance makes some of ${judged} levels: ${namesOf(chance)}.`,
        ]),
    ...(regressed.length + chance.length === 0
      ? [`Not worse than before: all ${judged} levels with a history.`]
      : []),
  ];
}

function namesOf(levels: readonly LevelResult[]): string {
  const names = levels.slice(0, MAX_NAMED).map(({ scenario, level }) => `${scenario}/${level}`);
  const more = levels.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function measuredOf({ outcome }: LevelResult): Measured | null {
  return outcome.kind === 'measured' ? outcome : null;
}

function isInvalid(level: LevelResult): boolean {
  return level.outcome.kind === 'invalid' || measuredOf(level)?.verdict === 'INVALID';
}
