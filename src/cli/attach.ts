// Joining a benchmark by its name.

import type { OutputWishes } from './conclude.ts';
import { say, type CliContext } from './context.ts';
import { inSession } from './in-session.ts';
import { watchToTheEnd } from './watch-session.ts';

export interface Attachment {
  readonly benchmarkId: string;
  readonly wishes: OutputWishes;
  readonly worker: boolean;
}

export async function attach(context: CliContext, attachment: Attachment): Promise<void> {
  const { benchmarkId, worker } = attachment;
  await inSession(context, { worker }, async (place) => {
    // Told before a worker has come up, so that a slip in the name does not cost seconds.
    const { state } = await place.session.client.describe(benchmarkId);
    if (state === 'running') say(context, `Joined benchmark ${benchmarkId}.`);
    await watchToTheEnd(benchmarkId, {
      ...place,
      wishes: attachment.wishes,
      worker,
      resumeArgs: ['attach', benchmarkId],
    });
  });
}
