/** Names of Regions: which AWS has, and which have not even the form of one. */
import { awsRegions } from './aws-lists.ts';

const known: ReadonlySet<string> = new Set(awsRegions.entries);

const hasForm = (name: string): boolean => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(name);

/** Of the partition `aws`; other partitions have Regions of their own. */
export const isDoubtfulRegion = (name: string): boolean => hasForm(name) && !known.has(name);

/** For an ARN, where wildcards and nothing at all may stand as well. */
export const isNoRegion = (name: string): boolean =>
  /^[a-z0-9-]+$/i.test(name) && !hasForm(name) && name !== 'aws-global';

export const regionNames = awsRegions.entries;
