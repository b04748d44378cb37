// gRPC metadata from the config: only what HTTP/2 and gRPC let a caller send, refused before the first call.

import type { ConfigProblem } from './problem.ts';
import { quoted } from './values.ts';

export function metadataProblems(
  metadata: Readonly<Record<string, string>>,
): readonly ConfigProblem[] {
  return Object.entries(metadata).flatMap(([name, value]) => {
    const reason = nameReason(name) ?? valueReason(value);
    return reason === null ? [] : [{ path: 'metadata', message: `${quoted(name)}: ${reason}` }];
  });
}

function nameReason(name: string): string | null {
  if (name !== name.toLowerCase()) return 'names are lower case';
  if (!/^[0-9a-z_.-]+$/.test(name)) return 'a name has letters, digits, and the signs _ . - only';
  if (name.startsWith('grpc-')) return 'names that begin with grpc- belong to gRPC itself';
  if (['te', 'content-type', 'user-agent', 'host', 'connection'].includes(name)) {
    return 'this name is set by the client itself';
  }
  return name.endsWith('-bin') ? 'binary values cannot be given here' : null;
}

function valueReason(value: string): string | null {
  return /^[\x20-\x7e]*$/.test(value) ? null : 'a value has printable ASCII characters only';
}
