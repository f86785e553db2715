/** The record of a whole reading, written for later plans. */
import { writeFile } from 'node:fs/promises';
import type { AwsCloud } from '../../aws/cloud.ts';
import type { CommandContext } from './context.ts';

export const keepRecord = async ({ err }: CommandContext, cloud: AwsCloud, file: string): Promise<void> => {
  const record = cloud.record();
  if (record === undefined) err('The reading was not kept: an account of no organization is read whole each time.');
  else await writeFile(file, JSON.stringify(record));
};
