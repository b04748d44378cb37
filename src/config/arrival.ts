// The arrival options → one ArrivalModel. `rate` alone means a constant rate, `stages` alone means stages.

import type { ArrivalModel, LoadStage } from '../contract/config.ts';
import { formatDurationMs, parseDurationMs } from './duration.ts';
import { HIGHEST_RATE_PER_S, LONGEST_MS } from './option.ts';
import type { OptionValues } from './option-table.ts';
import type { ConfigProblem } from './problem.ts';
import { quoted, type ReadValues } from './values.ts';

type ArrivalKind = ArrivalModel['kind'];

const RATE_KINDS: ReadonlySet<ArrivalKind> = new Set(['constant', 'poisson', 'gamma']);

/** Only after `arrivalProblems` found nothing. */
export function arrivalModel(read: Pick<ReadValues, 'values' | 'explicit'>): ArrivalModel {
  const { values } = read;
  const kind = arrivalKind(read);
  const ratePerS = values.rate ?? 0;
  switch (kind) {
    case 'closed':
      return { kind };
    case 'constant':
    case 'poisson':
      return { kind, ratePerS };
    case 'gamma':
      return { kind, ratePerS, burstiness: values.burstiness };
    case 'stages':
      return { kind, stages: parseStages(values.stages) ?? [] };
    case 'replay':
      return { kind, path: values.replay ?? '' };
  }
}

export function arrivalKind({
  values,
  explicit,
}: Pick<ReadValues, 'values' | 'explicit'>): ArrivalKind {
  if (explicit.has('arrival')) return values.arrival;
  if (values.stages !== '') return 'stages';
  if (values.replay !== null) return 'replay';
  return values.rate === null ? 'closed' : 'constant';
}

/** The schedule says when the run is over, so neither a number of calls nor a duration can. */
export function endsByItself(kind: ArrivalKind): boolean {
  return kind === 'stages' || kind === 'replay';
}

/** What the chosen arrival lacks, or has in a form that it cannot use. */
export function arrivalPartProblems(read: ReadValues): readonly ConfigProblem[] {
  const { values } = read;
  const kind = arrivalKind(read);
  if (RATE_KINDS.has(kind) && values.rate === null) {
    const message = `arrival ${kind} needs a rate`;
    return [{ path: 'rate', message, hint: 'give rate in calls per second' }];
  }
  if (kind === 'replay' && values.replay === null) {
    return [{ path: 'replay', message: 'arrival replay needs the file to replay' }];
  }
  return kind === 'stages' ? stagesProblems(values.stages) : [];
}

function stagesProblems(text: string): readonly ConfigProblem[] {
  const stages = parseStages(text);
  if (stages === null) {
    const hint = "write rate:duration pairs, like '50:10s,100:20s:ramp'";
    return [{ path: 'stages', message: `${quoted(text)} is not a list of stages`, hint }];
  }
  const messages = [
    ...(stages.every((stage) => stage.ratePerS === 0)
      ? [`${quoted(text)} has no stage with a rate and would send nothing`]
      : []),
    ...(stages.some((stage) => stage.ratePerS > HIGHEST_RATE_PER_S)
      ? [`${quoted(text)} asks for more than ${HIGHEST_RATE_PER_S} calls per second`]
      : []),
    ...(stages.reduce((sum, stage) => sum + stage.durationMs, 0) > LONGEST_MS
      ? [`${quoted(text)} is longer than ${formatDurationMs(LONGEST_MS)}`]
      : []),
  ];
  return messages.map((message) => ({ path: 'stages', message }));
}

/** What says how long a run lasts besides the schedule. */
export function arrivalEndProblems({ values, explicit }: ReadValues): readonly ConfigProblem[] {
  const kind = arrivalKind({ values, explicit });
  if (!endsByItself(kind)) return [];
  return (['totalRequests', 'duration'] as const)
    .filter((path) => explicit.has(path) && values[path] > 0)
    .map((path) => ({
      path,
      message: `${path} has no effect with arrival ${kind}, which ends with its schedule`,
      hint: `leave ${path} out`,
    }));
}

/** What is said without effect on the chosen arrival. */
export function arrivalUnusedProblems({ values, explicit }: ReadValues): readonly ConfigProblem[] {
  const kind = arrivalKind({ values, explicit });
  const parts = [
    {
      path: 'rate',
      isUnused: values.rate !== null && !RATE_KINDS.has(kind),
      wanted: 'constant, poisson or gamma',
    },
    {
      path: 'burstiness',
      isUnused: explicit.has('burstiness') && kind !== 'gamma',
      wanted: 'gamma',
    },
    { path: 'stages', isUnused: values.stages !== '' && kind !== 'stages', wanted: 'stages' },
    { path: 'replay', isUnused: values.replay !== null && kind !== 'replay', wanted: 'replay' },
    { path: 'rampUp', isUnused: values.rampUp > 0 && kind !== 'closed', wanted: 'closed' },
    {
      path: 'initialPhase',
      isUnused: values.initialPhase > 0 && kind !== 'closed',
      wanted: 'closed',
    },
    {
      path: 'maxInFlight',
      isUnused: explicit.has('maxInFlight') && kind === 'closed',
      wanted: 'constant, poisson, gamma, stages or replay',
    },
    {
      path: 'pacing',
      isUnused: values.pacing === 'spin' && kind === 'closed',
      wanted: 'constant, poisson, gamma, stages or replay',
    },
  ];
  return parts
    .filter((part) => part.isUnused)
    .map(({ path, wanted }) => ({
      path,
      message: `${path} has no effect with arrival ${kind}`,
      hint: `use arrival ${wanted}, or leave ${path} out`,
    }));
}

/** '50:10s,100:20s:ramp' → stages; null when malformed or empty. */
export function parseStages(text: string): readonly LoadStage[] | null {
  const stages = text.split(',').map((part) => parseStage(part.trim()));
  return stages.every((stage) => stage !== null) ? stages : null;
}

/** Null when the text is no list of stages. */
export function stagesLengthMs(text: string): number | null {
  return parseStages(text)?.reduce((sum, stage) => sum + stage.durationMs, 0) ?? null;
}

function parseStage(text: string): LoadStage | null {
  const match = /^(\d+(?:\.\d+)?):([^:]+)(:ramp)?$/.exec(text);
  const durationMs = parseDurationMs(match?.[2] ?? '');
  if (match === null || durationMs === null || durationMs === 0) return null;
  return { ratePerS: Number(match[1]), durationMs, ramp: match[3] !== undefined };
}

/** The inverse of `arrivalModel`. */
export function arrivalOptions(
  model: ArrivalModel,
): Partial<Pick<OptionValues, 'arrival' | 'rate' | 'burstiness' | 'stages' | 'replay'>> {
  switch (model.kind) {
    case 'closed':
      return {};
    case 'constant':
    case 'poisson':
      return { arrival: model.kind, rate: model.ratePerS };
    case 'gamma':
      return { arrival: model.kind, rate: model.ratePerS, burstiness: model.burstiness };
    case 'stages':
      return { arrival: model.kind, stages: model.stages.map(stageText).join(',') };
    case 'replay':
      return { arrival: model.kind, replay: model.path };
  }
}

function stageText(stage: LoadStage): string {
  return `${stage.ratePerS}:${formatDurationMs(stage.durationMs)}${stage.ramp ? ':ramp' : ''}`;
}
