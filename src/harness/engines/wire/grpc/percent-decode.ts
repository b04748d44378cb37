// grpc-message is percent-encoded UTF-8. What is no valid escape stays as it is, as the specification asks: a message
// must never be lost to its own encoding.

const PERCENT = 0x25;

export function percentDecode(encoded: Buffer): string {
  if (!encoded.includes(PERCENT)) return encoded.toString('utf8');
  const out = Buffer.allocUnsafe(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; at += 1) {
    const escaped = encoded[at] === PERCENT ? hexByte(encoded, at + 1) : -1;
    out[length++] = escaped >= 0 ? escaped : (encoded[at] ?? 0);
    if (escaped >= 0) at += 2;
  }
  return out.toString('utf8', 0, length);
}

function hexByte(bytes: Buffer, at: number): number {
  const text = bytes.toString('latin1', at, at + 2);
  return /^[0-9a-fA-F]{2}$/.test(text) ? parseInt(text, 16) : -1;
}
