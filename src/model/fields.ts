/** JSON that somebody else sends, read field by field: whatever is missing or of another type is empty. */

export type UnknownFields = Readonly<Record<string, unknown>>;

export const fieldsIn = (value: unknown): UnknownFields =>
  typeof value === 'object' && value !== null ? (value as UnknownFields) : {};
export const rowsIn = (value: unknown): readonly UnknownFields[] => (Array.isArray(value) ? value.map(fieldsIn) : []);
export const stringIn = (value: unknown): string => (typeof value === 'string' ? value : '');
export const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const optionalStringIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
