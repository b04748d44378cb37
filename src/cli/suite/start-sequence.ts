// What `suite` and `capacity` do once their words make sense: a session, the start under a name, and the watch.

import { randomBytes } from 'node:crypto';
import type { SequenceKind } from '../../temporal/suite-client.ts';
import { generateBenchmarkId } from '../benchmark-id.ts';
import { withBenchmarkId } from '../command-line.ts';
import type { CliContext } from '../context.ts';
import { inSession } from '../in-session.ts';
import { startAndWatchSuite, type SuiteRun } from './run-suite.ts';

export interface SequenceFlags {
  readonly id?: string;
  readonly json?: true;
  readonly worker: boolean;
}

export interface Sequence {
  readonly kind: SequenceKind;
  readonly input: SuiteRun['input'];
  /** One line for the Web UI. */
  readonly summary: string;
  /** By when it is over by its own plan, ms after its start. */
  readonly boundMs: number;
}

export async function startSequence(
  context: CliContext,
  flags: SequenceFlags,
  sequence: Sequence,
): Promise<void> {
  const { kind } = sequence;
  await inSession(context, { worker: flags.worker }, (place) =>
    startAndWatchSuite(place, {
      ...sequence,
      suiteId: flags.id ?? null,
      freshId: () => generateBenchmarkId(kind, { nowUtc: new Date(), randomBytes: randomBytes(6) }),
      json: flags.json === true,
      worker: flags.worker,
      resumeArgs: (suiteId) => withBenchmarkId(process.argv.slice(2), suiteId),
    }),
  );
}
