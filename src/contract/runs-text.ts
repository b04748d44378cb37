// Which runs a sentence is about, told so that thirty of them are still a few words.

/** 'run 3', 'runs 1, 4-6'; 'all 10 runs' where `of`, the number of all, says so. */
export function runsText(runs: readonly number[], of: number | null = null): string {
  const sorted = [...new Set(runs)].sort((a, b) => a - b);
  if (sorted.length === 1) return `run ${sorted[0] ?? ''}`;
  if (sorted.length === of) return `all ${of} runs`;
  const spans: { first: number; last: number }[] = [];
  for (const run of sorted) {
    const open = spans.at(-1);
    if (open?.last === run - 1) open.last = run;
    else spans.push({ first: run, last: run });
  }
  return `runs ${spans.map(spanText).join(', ')}`;
}

function spanText({ first, last }: { readonly first: number; readonly last: number }): string {
  if (first === last) return String(first);
  return last === first + 1 ? `${first}, ${last}` : `${first}-${last}`;
}
