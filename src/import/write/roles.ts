/** The text of one file each: a role, a customer policy; of as many accounts as have the same. */
import { quotas } from '../../model/quotas.ts';
import type { Role } from '../../model/resource.ts';
import type { WrittenPolicy, WrittenRole, WrittenTrust, WrittenWaysIn } from '../../model/written.ts';
import { inFileOrder } from './key-order.ts';
import { policyYaml } from './policies.ts';
import { targetLines } from './targets.ts';
import { block, entry, flow, textOf } from './text.ts';
import type { Yaml } from './text.ts';
import { documentField, schemaLine, unlessEmpty, writtenFields } from './things.ts';
import type { Beside, PolicyNames } from './things.ts';

export const pathField = (path: string) => (path === '/' ? {} : { path });

/** Every field that is neither the role's name nor where it is nor its trust, in the order of the files. */
export const roleFields = (role: Role, names: PolicyNames): Readonly<Record<string, Yaml | undefined>> => {
  const { path: _path, description: _description, ...fields } = writtenFields(role, names);
  const isDefault = role.maxSessionDuration === quotas.minSessionDuration;
  return inFileOrder('role', { ...fields, ...(isDefault ? { maxSessionDuration: undefined } : {}) });
};

/** Longer than this, an entry has a line for each of its keys. */
const longestEntry = 112;

const entryLines = (one: WrittenTrust): readonly string[] => {
  const line = flow(one);
  return line.length <= longestEntry ? [`  - ${line}`] : block([one]).map((part) => `  ${part}`);
};

const waysInLines = (waysIn: WrittenWaysIn, { accounts }: PolicyNames): readonly string[] =>
  'words' in waysIn
    ? ['trust:', ...waysIn.words.flatMap(entryLines)]
    : entry('trustPolicy', policyYaml(waysIn.document, accounts), 0);

export const roleFileText = ({ role, waysIn, target }: WrittenRole, names: PolicyNames): string =>
  textOf([
    schemaLine('role', 2),
    ...entry('role', role.name, 0),
    ...block({ ...pathField(role.path), description: role.description }).filter((line) => line !== '{}'),
    ...targetLines(target, 0),
    ...waysInLines(waysIn, names),
    ...block(roleFields(role, names)).filter((line) => line !== '{}'),
  ]);

export const customerPolicyText = ({ policy, target }: WrittenPolicy, from: Beside & PolicyNames): string =>
  textOf([
    schemaLine('policy', 2),
    ...block({ policy: policy.name, ...pathField(policy.path), description: policy.description }),
    ...targetLines(target, 0),
    ...block({ ...documentField('document', policy.document, from), tags: unlessEmpty(policy.tags) }),
  ]);
