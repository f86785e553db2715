/** Policy documents as AWS gives them: text that somebody else may have written. */
import type { PolicyDocument } from '../model/policy.ts';
import type { SettingsDocument } from '../model/settings-document.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isStatement = (value: unknown): boolean => isRecord(value) && typeof value['Effect'] === 'string';

/** Undefined when the text is not JSON or not an object. */
export const parseSettings = (text: string): SettingsDocument | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as SettingsDocument) : undefined;
  } catch {
    return undefined;
  }
};

/** Undefined when the text is not JSON or not a policy. */
export const parseDocument = (text: string): PolicyDocument | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return undefined;
    const statements: readonly unknown[] = Array.isArray(value['Statement'])
      ? value['Statement']
      : [value['Statement']];
    return statements.every(isStatement) ? (value as PolicyDocument) : undefined;
  } catch {
    return undefined;
  }
};
