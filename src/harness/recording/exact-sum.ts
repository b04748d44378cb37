// Sums of integers beyond 2^53 that stay exact: a low part and a count of carries, side by side in a Float64Array,
// so that they cost one addition, allocate nothing and can be cloned and added up across threads.

const CARRY = 2 ** 52;

/** Adds an integer of magnitude below 2^52, of either sign, to the sum at `cell`. */
export function addToSum(cells: Float64Array, cell: number, value: number): void {
  const low = (cells[cell] ?? 0) + value;
  if (low < CARRY && low > -CARRY) {
    cells[cell] = low;
    return;
  }
  const sign = low < 0 ? -1 : 1;
  cells[cell] = low - sign * CARRY;
  cells[cell + 1] = (cells[cell + 1] ?? 0) + sign;
}

export function mergeSum(into: Float64Array, cell: number, from: Float64Array): void {
  addToSum(into, cell, from[cell] ?? 0);
  into[cell + 1] = (into[cell + 1] ?? 0) + (from[cell + 1] ?? 0);
}

/** The sum of `count` integers divided by it; right to the last digits even where the sum is beyond 2^53. */
export function meanOfSum(cells: Float64Array, cell: number, count: number): number {
  const sum = readSum(cells, cell);
  if (Number.isSafeInteger(sum)) return sum / count;
  const whole = BigInt(cells[cell + 1] ?? 0) * BigInt(CARRY) + BigInt(Math.round(cells[cell] ?? 0));
  const divisor = BigInt(count);
  return Number(whole / divisor) + Number(whole % divisor) / count;
}

/** The sum as the nearest double. */
export function readSum(cells: Float64Array, cell: number): number {
  return (cells[cell + 1] ?? 0) * CARRY + (cells[cell] ?? 0);
}

/** Cell by cell; as long as the longest part. */
export function sumCells(list: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(Math.max(0, ...list.map((part) => part.length)));
  for (const part of list) {
    part.forEach((value, at) => {
      sum[at] = (sum[at] ?? 0) + value;
    });
  }
  return sum;
}
