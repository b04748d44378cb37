// What is written beside an axis.

import type { ShownUnit } from '../metric-text.ts';
import { numberText } from '../number-text.ts';
import { decimalsOfStep } from '../scale.ts';

/** For a scale whose values are in a metric's own unit and whose ticks are round in the shown one. */
export function numberTick({ times, per }: ShownUnit): (value: number, step: number) => string {
  return (value, step) => numberText((value * times) / per, decimalsOfStep((step * times) / per));
}

/** For values that are shown as they are. */
export const plainTick = numberTick({ name: '', times: 1, per: 1 });
