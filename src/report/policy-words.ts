/** Statements in words. */
import type { ConditionBlock, OneOrMany, Statement } from '../model/policy.ts';

export const listedWords = (items: OneOrMany<string | number | boolean> | undefined): readonly string[] =>
  items === undefined ? [] : [items].flat().map(String);

const verbs: readonly (readonly [RegExp, string])[] = [
  [/^Null$/, 'is missing:'],
  [/Not(Equals|Like|IpAddress)/, 'is none of'],
  [/^NotIpAddress/, 'is outside'],
  [/^IpAddress/, 'is inside'],
  [/LessThanEquals/, 'is at most'],
  [/LessThan/, 'is below'],
  [/GreaterThanEquals/, 'is at least'],
  [/GreaterThan/, 'is above'],
  [/Equals|Like|Bool/, 'is'],
];

const verbOf = (operator: string): string => verbs.find(([wanted]) => wanted.test(operator))?.[1] ?? operator;

/** A test of one key: "aws:RequestedRegion is none of eu-west-1, us-east-1". */
const conditionText = (written: string, key: string, values: readonly string[]): string => {
  const [quantifier, plain] = written.includes(':') ? written.split(':') : ['', written];
  const each = quantifier === 'ForAllValues' ? 'every ' : quantifier === 'ForAnyValue' ? 'some ' : '';
  const isOptional = plain?.endsWith('IfExists') ?? false;
  const operator = (plain ?? '').replace(/IfExists$/, '');
  const verb = values.length === 1 && verbOf(operator) === 'is none of' ? 'is not' : verbOf(operator);
  return `${each}${key} ${verb} ${values.join(', ')}${isOptional ? ', or is missing' : ''}`;
};

export const conditionsIn = (block: ConditionBlock | undefined): readonly string[] =>
  Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => conditionText(operator, key, listedWords(values))),
  );

/** Nothing where it is every resource. */
export const resourcesIn = ({ Resource, NotResource }: Statement): readonly string[] => {
  if (NotResource !== undefined) return listedWords(NotResource).map((one) => `all but ${one}`);
  const resources = listedWords(Resource);
  return resources.includes('*') ? [] : resources;
};
