// What is wrong with a configuration, as data: all problems are collected and told at once.

export interface ConfigProblem {
  /** The option's key, or '' for the input as a whole. */
  readonly path: string;
  /** A sentence that quotes the value. */
  readonly message: string;
  readonly hint?: string;
}

/** One line per problem, for a terminal or a failure message. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join('\n');
}

function formatProblem(problem: ConfigProblem): string {
  const where = problem.path === '' ? '' : `${problem.path}: `;
  return `${where}${problem.message}${problem.hint === undefined ? '' : ` (${problem.hint})`}`;
}
