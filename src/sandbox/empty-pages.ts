/**
 * The occasional empty page. The API reference of every Organizations list says that an empty result may come with a
 * token; the imitation does it to every service with NextToken, by turning a full page into an empty one whose token
 * leads back to it.
 */
import type { CallInput, CallOutput } from './core.ts';

const mark = 'again.';

/** The input without our mark on its token. */
export const withoutMark = (input: CallInput): CallInput => {
  const token = input['NextToken'];
  if (typeof token !== 'string' || !token.startsWith(mark)) return input;
  const { NextToken: _, ...rest } = input;
  return token === mark ? rest : { ...rest, NextToken: token.slice(mark.length) };
};

/** Whether the caller comes from an empty page: it never gets two in a row. */
export const comesFromEmptyPage = (input: CallInput): boolean => {
  const token = input['NextToken'];
  return typeof token === 'string' && token.startsWith(mark);
};

export const emptied = (output: CallOutput, input: CallInput): CallOutput => {
  const token = input['NextToken'];
  const lists = Object.entries(output).map(([name, value]) => [name, Array.isArray(value) ? [] : value] as const);
  return { ...Object.fromEntries(lists), NextToken: `${mark}${typeof token === 'string' ? token : ''}` };
};
