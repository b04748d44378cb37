// Tables of the page. Each row's first cell is its heading; what is wider than the page scrolls within its own frame,
// which the keyboard can reach.

import { markup, type Markup } from './markup.ts';

export interface PageTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | Markup)[])[];
  /** Columns before this one are text, the others numbers. */
  readonly numbersFrom: number;
}

/** Longer tables may be broken over pages of paper. */
const WHOLE_ROWS_MAX = 15;

export function pageTable({ caption, columns, rows, numbersFrom }: PageTable): Markup {
  const kind = (index: number): string => (index < numbersFrom ? 'text' : 'number');
  const head = columns.map(
    (title, index) => markup`<th scope="col" class="${kind(index)}">${title}</th>`,
  );
  const body = rows.map((cells) => {
    const marked = cells.map((cell, index) =>
      index === 0
        ? markup`<th scope="row" class="${kind(0)}">${cell}</th>`
        : markup`<td class="${kind(index)}${isShort(cell) ? ' short' : ''}">${cell}</td>`,
    );
    return markup`<tr>
      ${marked}
    </tr>`;
  });
  const whole = rows.length <= WHOLE_ROWS_MAX ? ' whole' : '';
  return markup`<div class="scroll${whole}" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

/** A name or a word is not broken in two for a long text beside it. */
const SHORT_CHARACTERS_MAX = 20;

function isShort(cell: string | Markup): boolean {
  return typeof cell === 'string' && cell.length <= SHORT_CHARACTERS_MAX;
}

/** Closed at first: what a chart shows, as numbers. */
export function dataTable(table: PageTable): Markup {
  return markup`<details>
    <summary>Data: ${table.caption}</summary>
    ${pageTable(table)}
  </details>`;
}
