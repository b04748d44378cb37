// A table in the Markdown of current details, as the Web UI can show it: its style gives cells no room of their own, so that
// figures of neighbouring columns would run into each other. Blanks that are no blanks to Markdown keep them apart; the pane is narrow.

const EN_SPACE = '\u2002';
const NO_BREAK_SPACE = '\u00a0';

export interface DetailsColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Cells are lines without `|`. */
export function detailsTable(
  columns: readonly DetailsColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  return [
    line(columns.map(({ title }) => title)),
    `| ${columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join(' | ')} |`,
    ...rows.map(line),
  ];
}

function line(cells: readonly string[]): string {
  const last = cells.length - 1;
  return `| ${cells.map((cell, index) => (index === last ? cell : `${cell}${EN_SPACE}`)).join(' | ')} |`;
}

/** Text that is not to be broken into two lines: a name with its number, a figure with its unit. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', NO_BREAK_SPACE);
}
