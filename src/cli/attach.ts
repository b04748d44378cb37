// Joining a benchmark by its name.

import { notFound } from '../temporal/benchmark-client.ts';
import type { OutputWishes } from './conclude.ts';
import { say, type CliContext } from './context.ts';
import { inSession } from './in-session.ts';
import { nothingYet } from './nothing-yet.ts';
import { watchSuiteToTheEnd } from './suite/run-suite.ts';
import { watchToTheEnd } from './watch-session.ts';

export interface Attachment {
  readonly benchmarkId: string;
  readonly wishes: OutputWishes;
  readonly worker: boolean;
  /** Puts an ended benchmark back before what failed, first. */
  readonly retry?: boolean;
}

export async function attach(context: CliContext, attachment: Attachment): Promise<void> {
  const { benchmarkId, worker } = attachment;
  if (nothingYet(context)) throw notFound(benchmarkId);
  await inSession(context, { worker }, async (place) => {
    if (attachment.retry === true) {
      await place.session.client.retry(benchmarkId);
      say(context, `Benchmark ${benchmarkId} goes on where it failed; finished runs are kept.`);
    }
    // Told before a worker has come up, so that a slip in the name does not cost seconds.
    const { kind, state } = await place.session.client.describe(benchmarkId);
    if (state === 'running' && attachment.retry !== true)
      say(context, `Joined ${kind} ${benchmarkId}.`);
    if (kind === 'suite') {
      const { json } = attachment.wishes;
      const resumeArgs = ['attach', benchmarkId];
      await watchSuiteToTheEnd(place, { suiteId: benchmarkId, json, worker, resumeArgs });
      return;
    }
    await watchToTheEnd(benchmarkId, {
      ...place,
      wishes: attachment.wishes,
      worker,
      resumeArgs: ['attach', benchmarkId],
    });
  });
}
