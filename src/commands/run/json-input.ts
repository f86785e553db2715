/** JSON that a person wrote, in a file or on the command line. */
import { jsonMistake } from '../../desired/syntax/json-mistake.ts';
import { UserError } from '../../model/problem.ts';

const placeIn = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').replace('\uFEFF', '').length + 1}`;
};

/** Throws UserError with the place of the first mistake, and what to write instead. */
export const jsonInput = (text: string, name: string): unknown => {
  const mistake = jsonMistake(text);
  if (mistake !== undefined) {
    const { offset, message, hint } = mistake;
    throw new UserError(`${name}:${placeIn(text, offset)}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`);
  }
  // Editors on Windows begin a file with a byte-order mark.
  return JSON.parse(text.replace(/^\uFEFF/, ''));
};
