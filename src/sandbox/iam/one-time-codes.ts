/** One-time codes of virtual MFA devices (RFC 6238: https://www.rfc-editor.org/rfc/rfc6238). */
import { createHmac } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;

/** Five bits for each character. */
const bytesOf = (base32: string): Buffer => {
  const bits = [...base32].map((mark) => Math.max(0, alphabet.indexOf(mark)).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

const codeAt = (seed: string, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.max(0, step)));
  const digest = createHmac('sha1', bytesOf(seed)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

/** A clock may run some minutes off: AWS takes codes around the moment and learns the difference. */
const tolerated = 10;

export const isCode = (seed: string, code: string, now: number): boolean => {
  const step = Math.floor(now / stepMs);
  return Array.from({ length: 2 * tolerated + 1 }, (_, index) => step + index - tolerated).some(
    (near) => codeAt(seed, near) === code,
  );
};
