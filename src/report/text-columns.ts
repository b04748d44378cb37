// What the tables of the summary share.

import type { Column } from './text-table.ts';

export const right = (title: string): Column => ({ title, align: 'right' });
export const left = (title: string): Column => ({ title, align: 'left' });

/** More rows than this do not help a reader; the report file has them all. */
export const RUNS_SHOWN = 30;
