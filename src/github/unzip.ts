/** One file out of a zip, as GitHub keeps artifacts: by the list at its end, stored or deflated (APPNOTE.TXT, 4.3). */
import { inflateRawSync } from 'node:zlib';

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const endLength = 22;
const entryLength = 46;
const localLength = 30;

type ZipEntry = { readonly method: number; readonly packed: number; readonly at: number };

const endOf = (zip: Buffer): number => {
  for (let at = zip.length - endLength; at >= 0; at -= 1) if (zip.readUInt32LE(at) === endMark) return at;
  throw new Error('it is no zip');
};

const entryOf = (zip: Buffer, name: string): ZipEntry | undefined => {
  const end = endOf(zip);
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== entryMark) throw new Error('its list is broken');
    const [named, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const found = zip.toString('utf8', at + entryLength, at + entryLength + (named ?? 0));
    if (found === name)
      return { method: zip.readUInt16LE(at + 10), packed: zip.readUInt32LE(at + 20), at: zip.readUInt32LE(at + 42) };
    at += entryLength + (named ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return undefined;
};

/** Undefined where there is no such file. Throws for what is no zip, and for more than so many bytes. */
export const fileInZip = (bytes: Uint8Array, name: string, most: number): string | undefined => {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entry = entryOf(zip, name);
  if (entry === undefined) return undefined;
  const from = entry.at + localLength + zip.readUInt16LE(entry.at + 26) + zip.readUInt16LE(entry.at + 28);
  const packed = zip.subarray(from, from + entry.packed);
  if (entry.method === 0) return packed.toString('utf8');
  if (entry.method === 8) return inflateRawSync(packed, { maxOutputLength: most }).toString('utf8');
  throw new Error(`it is packed by method ${entry.method}`);
};
