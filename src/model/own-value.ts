/** Names are data: `constructor` and its like are in a record only where somebody put them. */

export const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
