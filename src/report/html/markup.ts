// HTML that cannot be injected into: whatever goes into a template is escaped, unless it is itself made by a template.

import { escapeMarkup } from '../escape-markup.ts';

export class Markup {
  readonly text: string;

  /** Only for text that is markup by construction. */
  constructor(text: string) {
    this.text = text;
  }
}

export const EMPTY = new Markup('');

export type Part = string | number | Markup | readonly Markup[];

export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = strings.map((literal, index) => {
    const part = parts[index];
    return part === undefined ? literal : `${literal}${partText(part)}`;
  });
  return new Markup(text.join(''));
}

function partText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escapeMarkup(part);
  if (typeof part === 'number') return String(part);
  return part.map(({ text }) => text).join('\n');
}
