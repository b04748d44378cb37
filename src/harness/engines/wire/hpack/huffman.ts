// Huffman decoding of HPACK strings (RFC 7541, 5.2 and Appendix B). The code is canonical: its lengths alone give every
// code word, so the lengths are all the data there is; the tree becomes a table walked four bits at a time.

import { byteAt, int32At } from '../typed-access.ts';

/** Bits of the code word of each symbol, as a base-36 digit; the 257th is EOS. */
const CODE_LENGTHS = Array.from(
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca' +
    'd67777777777777777777777878djde6f56565666577666567655677777fbeds' +
    'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn' +
    'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq' +
    'u',
  (digit) => parseInt(digit, 36),
);

const EOS = 256;
const BITS_PER_STEP = 4;
const BRANCHES = 1 << BITS_PER_STEP;
/** Padding is shorter than a byte. */
const MAX_PADDING_BITS = 7;

// A step is packed: bits 0-8 the next node, bits 9-16 the symbol, bit 17 "there is a symbol", bit 18 "no such code".
const NODE_MASK = 0x1ff;
const SYMBOL_SHIFT = 9;
const HAS_SYMBOL = 1 << 17;
const INVALID = 1 << 18;

interface Tree {
  /** children[2 * node + bit]: a node, or ~symbol for a leaf. */
  readonly children: number[];
  /** Nodes from which the input may end: the root, and ones along the all-ones path. */
  readonly mayEnd: Uint8Array;
}

function buildTree(): Tree {
  const children: number[] = [0, 0];
  let code = 0;
  let length = 0;
  const symbols = CODE_LENGTHS.map((bits, symbol) => ({ bits, symbol }));
  symbols.sort((a, b) => a.bits - b.bits || a.symbol - b.symbol);
  for (const { bits, symbol } of symbols) {
    code *= 2 ** (bits - length);
    length = bits;
    insert(children, { code, bits }, symbol);
    code += 1;
  }
  const mayEnd = new Uint8Array(children.length / 2);
  let node = 0;
  for (let depth = 0; depth <= MAX_PADDING_BITS; depth += 1) {
    mayEnd[node] = 1;
    node = children[2 * node + 1] ?? 0;
  }
  return { children, mayEnd };
}

function insert(children: number[], word: { code: number; bits: number }, symbol: number): void {
  let node = 0;
  for (let bit = word.bits - 1; bit > 0; bit -= 1) {
    const branch = 2 * node + (Math.floor(word.code / 2 ** bit) & 1);
    let next = children[branch] ?? 0;
    if (next === 0) {
      next = children.length / 2;
      children.push(0, 0);
      children[branch] = next;
    }
    node = next;
  }
  children[2 * node + (word.code & 1)] = ~symbol;
}

function buildSteps(tree: Tree): Int32Array {
  const nodes = tree.children.length / 2;
  const steps = new Int32Array(nodes * BRANCHES);
  for (let node = 0; node < nodes; node += 1) {
    for (let bits = 0; bits < BRANCHES; bits += 1) {
      steps[node * BRANCHES + bits] = walk(tree, node, bits);
    }
  }
  return steps;
}

/** Code words have five bits or more, so four bits complete at most one symbol. */
function walk(tree: Tree, from: number, bits: number): number {
  let node = from;
  let symbol = 0;
  for (let bit = BITS_PER_STEP - 1; bit >= 0; bit -= 1) {
    const next = tree.children[2 * node + ((bits >> bit) & 1)] ?? 0;
    if (next >= 0) {
      node = next;
      continue;
    }
    if (~next === EOS) return INVALID;
    symbol = HAS_SYMBOL | (~next << SYMBOL_SHIFT);
    node = 0;
  }
  return node | symbol;
}

const TREE = buildTree();
const STEPS = buildSteps(TREE);

/** The most bytes that `length` coded bytes can decode to. */
export function maxDecodedBytes(length: number): number {
  return Math.floor((length * 8) / 5);
}

/**
 * Decodes `bytes[start…end)` into `out` from 0; returns the decoded length, or -1 when the bytes are no Huffman text
 * (EOS inside, or padding that is too long or not all ones). `out` holds maxDecodedBytes(end - start).
 */
export function decodeHuffman(bytes: Buffer, start: number, end: number, out: Buffer): number {
  let node = 0;
  let length = 0;
  for (let at = start; at < end; at += 1) {
    const byte = byteAt(bytes, at);
    const high = int32At(STEPS, node * BRANCHES + (byte >> BITS_PER_STEP));
    if ((high & HAS_SYMBOL) !== 0) out[length++] = high >> SYMBOL_SHIFT;
    const low = int32At(STEPS, (high & NODE_MASK) * BRANCHES + (byte & (BRANCHES - 1)));
    if ((low & HAS_SYMBOL) !== 0) out[length++] = low >> SYMBOL_SHIFT;
    if (((high | low) & INVALID) !== 0) return -1;
    node = low & NODE_MASK;
  }
  return TREE.mayEnd[node] === 1 ? length : -1;
}
