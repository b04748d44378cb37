// Sizes as people write them ('512KiB', '4MB') to bytes.

export const SIZE_PATTERN = /^\d+(?:\.\d+)?(?:B|KB|MB|GB|KiB|MiB|GiB)$/;

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Null when the text is not a size. */
export function parseSizeBytes(text: string): number | null {
  if (!SIZE_PATTERN.test(text)) return null;
  const unit = text.replace(/^[\d.]+/, '');
  return Math.round(Number.parseFloat(text) * (BYTES_PER_UNIT[unit] ?? Number.NaN));
}
