// What people have said about their history, kept in `history.json` beside the artifacts: acknowledged changes and
// baselines. One small file that a person may read, edit and put under version control.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeTextAtomically } from '../runtime/atomic-file.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { Acknowledgement, Baseline, HistorySeries } from '../contract/history.ts';
import { isNamed } from './series-id.ts';
import { metricNames, type Remarks } from './trend.ts';

export const REMARKS_FILE = 'history.json';

const remarksSchema = z.object({
  version: z.literal(1),
  acknowledged: z.array(
    z.object({
      seriesId: z.string(),
      metric: z.enum(metricNames()),
      benchmarkId: z.string(),
      note: z.string(),
      atUtc: z.string(),
    }),
  ),
  baselines: z.array(
    z.object({ seriesId: z.string(), benchmarkId: z.string(), atUtc: z.string() }),
  ),
});

/** No file: nothing was said yet. Throws BenchmarkError 'artifact-corrupt' for a file that is none of ours. */
export async function readRemarks(path: string): Promise<Remarks> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { acknowledged: [], baselines: [] };
    }
    throw corrupt(path, String(error));
  }
  try {
    return remarksSchema.parse(JSON.parse(text));
  } catch (error) {
    throw corrupt(path, error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

export interface NewBaseline extends Omit<Baseline, 'seriesId'> {
  readonly series: HistorySeries;
}

/** The last word about a change counts. */
export function withAcknowledgements(remarks: Remarks, added: readonly Acknowledgement[]): Remarks {
  const same = (a: Acknowledgement, b: Acknowledgement): boolean =>
    a.seriesId === b.seriesId && a.metric === b.metric && a.benchmarkId === b.benchmarkId;
  const kept = remarks.acknowledged.filter((old) => !added.some((one) => same(one, old)));
  return { ...remarks, acknowledged: [...kept, ...added] };
}

export function withBaseline(remarks: Remarks, baseline: NewBaseline): Remarks {
  const { series, benchmarkId, atUtc } = baseline;
  const others = remarks.baselines.filter((old) => !isNamed(series, old.seriesId));
  return {
    ...remarks,
    baselines: [...others, { seriesId: series.seriesId, benchmarkId, atUtc }],
  };
}

export async function writeRemarks(path: string, remarks: Remarks): Promise<void> {
  await writeTextAtomically(path, `${JSON.stringify({ version: 1, ...remarks }, null, 2)}\n`);
}

function corrupt(path: string, reason: string): BenchmarkError {
  return new BenchmarkError(
    'artifact-corrupt',
    `The remarks on the history in ${path} cannot be read: ${reason}. Correct the file, or move it away to start anew.`,
  );
}
