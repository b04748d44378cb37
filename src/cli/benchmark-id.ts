// Names for benchmarks that were given none: by start time, so that they sort; by scenario, so that they can be read;
// and with some random letters, so that two of one second differ.

export interface IdSource {
  readonly nowUtc: Date;
  /** At least three bytes. */
  readonly randomBytes: Uint8Array;
}

/** Without vowels, so that no words come out, and without look-alikes. */
const LETTERS = 'bcdfghjkmnpqrstvwxz23456789';
const RANDOM_LETTERS = 4;

/** Like `20261125-043055-quick-k3fd`. */
export function generateBenchmarkId(name: string, source: IdSource): string {
  const [date = '', time = ''] = source.nowUtc.toISOString().split('T');
  const stamp = `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
  return [stamp, readableName(name), randomLetters(source.randomBytes)]
    .filter((part) => part !== '')
    .join('-');
}

function readableName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
}

function randomLetters(bytes: Uint8Array): string {
  let value = 0;
  for (const byte of bytes.subarray(0, 6)) value = value * 256 + byte;
  let letters = '';
  for (let count = 0; count < RANDOM_LETTERS; count += 1) {
    letters += LETTERS[value % LETTERS.length] ?? '';
    value = Math.floor(value / LETTERS.length);
  }
  return letters;
}
