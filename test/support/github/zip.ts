/** The least zip there is: files stored without compression, as an artifact's download holds them. */
import { crc32 } from 'node:zlib';

const field = (...parts: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer => {
  const buffer = Buffer.alloc(parts.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of parts) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
};

/** 1980-01-01, the first day that the format knows: the same files make the same bytes. */
const day = 0x21;

const common = (name: Buffer, data: Buffer): Buffer =>
  field([2, 0x0800], [2, 0], [2, 0], [2, day], [4, crc32(data)], [4, data.length], [4, data.length], [2, name.length]);

export const zipOf = (files: Readonly<Record<string, string | Buffer>>): Buffer => {
  const entries = Object.entries(files).map(([name, data]) => ({ name: Buffer.from(name), data: Buffer.from(data) }));
  let offset = 0;
  const parts = entries.map(({ name, data }) => {
    const shared = common(name, data);
    const local = Buffer.concat([field([4, 0x04034b50], [2, 20]), shared, field([2, 0]), name, data]);
    const tail = field([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    const central = Buffer.concat([field([4, 0x02014b50], [2, 20], [2, 20]), shared, tail, name]);
    offset += local.length;
    return { local, central };
  });
  const directory = Buffer.concat(parts.map((part) => part.central));
  const count = entries.length;
  const end = field(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directory.length],
    [4, offset],
    [2, 0],
  );
  return Buffer.concat([...parts.map((part) => part.local), directory, end]);
};
