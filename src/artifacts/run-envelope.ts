// How a stored run looks on disk: valid JSON whose first line carries the checksum of the rest, so that a file that was
// cut, half written or changed is told from a whole one before anything in it is believed.

import type { StoredRun } from '../contract/run-result.ts';
import { sha256Of } from '../runtime/atomic-file.ts';

const FORMAT = 'loombench-run';
const HEADER_END = ',"run":\n';
const FOOTER = '\n}\n';
const HEADER = /^\{"format":"loombench-run","version":1,"sha256":"([0-9a-f]{64})","run":\n/;

export function encodeRun(run: StoredRun): string {
  const body = JSON.stringify(run);
  return `{"format":"${FORMAT}","version":1,"sha256":"${sha256Of(body)}"${HEADER_END}${body}${FOOTER}`;
}

export type DecodedRun =
  | { readonly kind: 'whole'; readonly run: StoredRun }
  | { readonly kind: 'corrupt'; readonly reason: string };

export function decodeRun(text: string): DecodedRun {
  const header = HEADER.exec(text);
  if (header === null) return corrupt('it does not begin as a stored run does');
  if (!text.endsWith(FOOTER)) return corrupt('its end is missing');
  const body = text.slice(header[0].length, -FOOTER.length);
  if (sha256Of(body) !== header[1]) return corrupt('its checksum does not match');
  // The checksum covers every byte that encodeRun wrote, so the shape is the one that was written.
  return { kind: 'whole', run: JSON.parse(body) as StoredRun };
}

function corrupt(reason: string): DecodedRun {
  return { kind: 'corrupt', reason };
}
