/** IPv4 and IPv6 addresses and CIDR ranges; a version never matches the other. */

type IpAddress = { readonly bits: 32 | 128; readonly value: bigint };
type Range = IpAddress & { readonly prefix: number };

export function parseAddress(text: string): IpAddress | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

/** Without a prefix the range is the address alone. Host bits beyond the prefix are ignored. */
export function parseRange(text: string): Range | undefined {
  const [head, tail, more] = text.trim().split('/');
  const address = parseAddress(head ?? '');
  if (!address || more !== undefined) return undefined;
  if (tail === undefined) return { ...address, prefix: address.bits };
  return /^\d{1,3}$/.test(tail) && Number(tail) <= address.bits ? { ...address, prefix: Number(tail) } : undefined;
}

export function isWithin(address: IpAddress, range: Range): boolean {
  const shift = BigInt(range.bits - range.prefix);
  return address.bits === range.bits && address.value >> shift === range.value >> shift;
}

function parseV4(text: string): IpAddress | undefined {
  const octets = text.split('.');
  const valid = octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
  return valid ? { bits: 32, value: join(octets.map(BigInt), 8n) } : undefined;
}

function parseV6(text: string): IpAddress | undefined {
  const halves = withoutDots(text).split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = (head?.length ?? 0) + (tail?.length ?? 0);
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  const groups = [...(head ?? []), ...Array<string>(8 - given).fill('0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return {
    bits: 128,
    value: join(
      groups.map((group) => BigInt(`0x${group}`)),
      16n,
    ),
  };
}

/** The last two groups may be written as an IPv4 address (RFC 4291, section 2.2). */
function withoutDots(text: string): string {
  const cut = text.lastIndexOf(':') + 1;
  const dotted = parseV4(text.slice(cut));
  if (!dotted) return text;
  return `${text.slice(0, cut)}${(dotted.value >> 16n).toString(16)}:${(dotted.value & 0xffffn).toString(16)}`;
}

function join(parts: readonly bigint[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | part, 0n);
}
