// Activities that take a while tell the server each second that their worker lives: one that dies with its worker is then
// begun again within the heartbeat timeout, not after all the time that it might have taken.

import type { ActivityInterceptorsFactory } from '@temporalio/worker';

const BEAT_MS = 1_000;
/** Its own heartbeats carry the progress of the run. */
const BEATS_ITSELF = 'measureRun';

/** For activities whose options ask for heartbeats. */
export const signOfLife: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    execute: async (input, next) => {
      const { activityType, heartbeatTimeoutMs } = context.info;
      if (heartbeatTimeoutMs === undefined || activityType === BEATS_ITSELF) return next(input);
      const timer = setInterval(() => context.heartbeat(), BEAT_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});
