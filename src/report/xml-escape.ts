// Text into XML and HTML documents that hold anybody's text: besides markup, what no document may hold becomes a visible sign.

import { escapeHtml } from './escape-html.ts';

/** Fit for content and for attribute values in quotes of either kind. */
export function escapeMarkup(text: string): string {
  return escapeHtml(text.replace(FORBIDDEN, '\ufffd'));
}

/** Neither XML 1.0 nor HTML allows these: controls but tab and line ends, halves of a pair, non-characters. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u007f-\u009f]/gu;
