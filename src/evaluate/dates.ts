/** Dates as the Date operators take them: a W3C profile of ISO 8601, or seconds since the epoch. */

const iso =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/i;

/** Milliseconds since the epoch; undefined for what is no date. Without an offset it is UTC; four digits are a year. */
export function parseDate(text: string): number | undefined {
  const found = iso.exec(text.trim());
  if (found) return instant(found);
  return /^\d{5,12}$/.test(text.trim()) ? Number(text.trim()) * 1000 : undefined;
}

function instant(found: RegExpExecArray): number | undefined {
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((at) =>
    Number(found[at] ?? (at > 3 ? 0 : 1)),
  );
  const fields = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const utc = new Date(Date.UTC(...fields));
  utc.setUTCFullYear(fields[0]);
  const read = [utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate(), utc.getUTCHours(), utc.getUTCMinutes()];
  if (read.some((field, at) => field !== fields[at])) return undefined;
  return utc.getTime() + Math.trunc(Number(`0.${found[7] ?? '0'}`) * 1000) - offset(found[8] ?? 'Z');
}

function offset(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
