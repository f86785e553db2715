/** The words of a command line as values; what is none is said by commander with the option that it was for. */
import { InvalidArgumentError } from 'commander';
import { daysMeant } from '../../desired/schema/meant.ts';
import { parseShard } from './part.ts';
import type { PlanShard } from './part.ts';

/** `--sandbox` takes its folder only after `=`: the next word is an argument of the command. */
const bareSandbox = '--sandbox=.';

export const withFolders = (argv: readonly string[]): readonly string[] =>
  argv.map((word) => (word === '--sandbox' ? bareSandbox : word));

/** JavaScript reads 2027-02-30 as 2027-03-02. */
const isDay = (text: string): boolean => {
  const moment = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === text
  );
};

export const isoMoment = (text: string): string => {
  const [day = ''] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  if (day !== '' && !isDay(day)) throw new InvalidArgumentError(`${day} is not a day of the calendar.`);
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()) || day === '')
    throw new InvalidArgumentError('Write a date or a moment in ISO 8601, such as 2026-12-01 or 2026-12-01T09:00:00Z.');
  return moment.toISOString();
};

export const aDay = (text: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !isDay(text))
    throw new InvalidArgumentError(`${text} is not a day of the calendar.`);
  if (!isDay(text))
    throw new InvalidArgumentError(`Write ${daysMeant(text).join(' or ') || 'a day, such as 2027-01-31'}.`);
  return text;
};

/** Of which AWS may have opened more than are known here. */
export const aRegion = (text: string): string => {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) throw new InvalidArgumentError('Write a Region, such as eu-west-1.');
  return text;
};

export const aCountOfDays = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 36_500)
    throw new InvalidArgumentError('Write a number of days, from 1 to 36500.');
  return days;
};

export const aPort = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Write a port from 0 to 65535.');
  return port;
};

export const listOfWords = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');

export const aShard = (text: string): PlanShard => {
  try {
    return parseShard(text);
  } catch (thrown) {
    throw new InvalidArgumentError(thrown instanceof Error ? thrown.message : String(thrown));
  }
};

export const aNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Write the number of a pull request.');
  return number;
};

export const collect = (word: string, before: readonly string[]): readonly string[] => [...before, word];
