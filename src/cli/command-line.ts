// Command lines as text that can be pasted into a shell.

/** Quotes what a POSIX shell would take apart. */
export function shellText(args: readonly string[]): string {
  return args
    .map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** The same command with the benchmark's name in it, so that it goes on instead of starting another. */
export function withBenchmarkId(args: readonly string[], benchmarkId: string): string[] {
  const named = args.some((arg) => arg === '--id' || arg.startsWith('--id='));
  return named ? [...args] : [...args, '--id', benchmarkId];
}
