// A command line that cannot be carried out as it stands: every problem at once, before anything is started.

import type { ConfigProblem } from '../config/problem.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(problems: readonly ConfigProblem[]) {
    super(usageText(problems));
  }
}

function usageText(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ path, message, hint }) => {
    const where = path === '' ? '' : path.startsWith('-') ? `${path} ` : `${path}: `;
    return `  ${where}${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [`error: nothing was done, because of ${count}:`, ...lines].join('\n');
}
