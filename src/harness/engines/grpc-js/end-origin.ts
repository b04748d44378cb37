// Who ended a call. grpc-js does not say, but what it makes up itself has no metadata and one of a few known beginnings.

import { status, type StatusObject } from '@grpc/grpc-js';

const OWN_WORDS: ReadonlyMap<number, readonly string[]> = new Map([
  [status.CANCELLED, ['Cancelled on client']],
  [status.DEADLINE_EXCEEDED, ['Deadline exceeded']],
  [status.RESOURCE_EXHAUSTED, ['Received message larger than max', 'Received message that']],
  [status.INTERNAL, ['Response message parsing error', 'Failed to start HTTP/2 stream']],
  [status.UNIMPLEMENTED, ['Too many responses received', 'No message received']],
  [
    status.UNAVAILABLE,
    [
      'Connection dropped',
      'No connection established',
      'Channel closed',
      'Name resolution failed',
      'Failed to connect',
      'Failed to start HTTP/2 stream',
      'The channel has been closed',
      'read ECONNRESET',
    ],
  ],
]);

export function originOf(end: StatusObject): 'server' | 'client' {
  if (end.code === status.OK || Object.keys(end.metadata.getMap()).length > 0) return 'server';
  const own = OWN_WORDS.get(end.code) ?? [];
  return own.some((words) => end.details.startsWith(words)) ? 'client' : 'server';
}
