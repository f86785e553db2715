/** Sets of actions as bits, one for each action of a universe. */

export type Bits = Uint32Array;

export function noBits(size: number): Bits {
  return new Uint32Array(Math.ceil(size / 32));
}

export function allBits(size: number): Bits {
  const bits = noBits(size).fill(0xffffffff);
  const spare = size % 32;
  if (spare > 0) bits[bits.length - 1] = 2 ** spare - 1;
  return bits;
}

/** Adds to `bits`, which the caller has just made. */
export function setBit(bits: Bits, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
}

export function hasBit(bits: Bits, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

export function union(one: Bits, other: Bits): Bits {
  const bits = one.slice();
  addBits(bits, other);
  return bits;
}

/** Loops, not callbacks: these three are most of the work. */
export function common(one: Bits, other: Bits): Bits {
  const bits = new Uint32Array(one.length);
  for (let at = 0; at < bits.length; at += 1) bits[at] = (one[at] ?? 0) & (other[at] ?? 0);
  return bits;
}

export function without(one: Bits, other: Bits): Bits {
  const bits = new Uint32Array(one.length);
  for (let at = 0; at < bits.length; at += 1) bits[at] = (one[at] ?? 0) & ~(other[at] ?? 0);
  return bits;
}

/** Adds `other` to `bits`, which the caller has just made. */
export function addBits(bits: Bits, other: Bits): void {
  for (let at = 0; at < bits.length; at += 1) bits[at] = (bits[at] ?? 0) | (other[at] ?? 0);
}

export function isEmptyBits(bits: Bits): boolean {
  for (let at = 0; at < bits.length; at += 1) if (bits[at] !== 0) return false;
  return true;
}

export function includesBits(one: Bits, other: Bits): boolean {
  for (let at = 0; at < other.length; at += 1) if (((other[at] ?? 0) & ~(one[at] ?? 0)) !== 0) return false;
  return true;
}

export function sameBits(one: Bits, other: Bits): boolean {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** Equal for equal sets; different ones seldom share it (FNV-1a over the words). */
export function hashOf(bits: Bits): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < bits.length; at += 1) hash = Math.imul(hash ^ (bits[at] ?? 0), 0x01000193);
  return hash;
}

export function countBits(bits: Bits): number {
  let count = 0;
  for (let word of bits) for (; word !== 0; word &= word - 1) count += 1;
  return count;
}

/** The indices that are set, in order. */
export function indicesIn(bits: Bits): readonly number[] {
  const indices: number[] = [];
  bits.forEach((word, at) => {
    for (let bit = 0; word !== 0 && bit < 32; bit += 1) if (word & (1 << bit)) indices.push(at * 32 + bit);
  });
  return indices;
}
