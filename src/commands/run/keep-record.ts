/** The record of a whole reading, written for later plans. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { AwsCloud } from '../../aws/cloud.ts';
import { recordIn } from '../../model/record.ts';
import type { AwsRecord, RecordOffer } from '../../model/record.ts';
import type { CommandContext } from './context.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The digest comes first, and is of all that stands after it. */
const textOf = (record: AwsRecord): string => {
  const rest = JSON.stringify(record).slice(1);
  return `{"digest":"${digestOf(rest)}",${rest}`;
};

/** The record that such a text has, or why AWS is to be read whole. `named`: what the text is called. */
const recordOfText = (text: string, named: string): RecordOffer => {
  const [whole = '', digest] = /^\{"digest":"([0-9a-f]{64})",/.exec(text) ?? [];
  const record = digest === undefined ? undefined : recordIn(text);
  if (record === undefined) return { whole: `${named} is no record of this version of Gatehouse` };
  if (digestOf(text.slice(whole.length)) === digest) return record;
  return { whole: `${named} is damaged: it is not what --keep-reading wrote` };
};

/** The file is the caller's own: whoever plans says what the plan goes by. */
export const recordFrom = async (file: string): Promise<RecordOffer> =>
  recordOfText(await readFile(file, 'utf8'), file);

export const keepRecord = async ({ err }: CommandContext, cloud: AwsCloud, file: string): Promise<void> => {
  const record = cloud.record();
  if (record === undefined) err('The reading was not kept: an account of no organization is read whole each time.');
  else await writeFile(file, textOf(record));
};
