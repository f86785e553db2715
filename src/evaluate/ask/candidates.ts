/** On which resources an action works: examples, all of a type, and where somebody's own statements point. */
import { resourceWithoutType } from '../by-aws.ts';
import { asksForRole, rolesNaming } from './assuming.ts';
import { grantingStatements, membersOf } from './grants.ts';
import { meet } from './patterns.ts';
import { resourcesOpenTo } from './resources.ts';
import type { InquiryContext } from './question.ts';
import { askedRegion, inAccount, inRegion } from './question.ts';
import type { ActorQuestion } from './asking.ts';
import type { TextSet } from './sets.ts';
import { isOutside, literalSet, narrowedBy, resourcePatternSet } from './sets.ts';

/** A template of the action data: the account that is asked about, anything else as `other` says. */
const fillIn = (arn: string, account: string, other: { readonly region: string; readonly rest: string }): string =>
  arn
    .replaceAll('${Partition}', 'aws')
    .replaceAll('${Account}', account)
    .replaceAll('${Region}', other.region)
    .replace(/\$\{[^}]*\}/g, other.rest);

const example = (text: string): string => text.replace(/[*?]+/g, 'example');

/** Where the caller's own statements point, as far as the action works there. */
const grantedSets = (asker: InquiryContext, question: ActorQuestion, types: readonly string[]): readonly TextSet[] =>
  grantingStatements(asker, question).flatMap((granting) =>
    membersOf(granting).flatMap(({ member }) =>
      types
        .map(resourcePatternSet)
        .filter((type) => type.within.every(({ glob }) => meet(member.glob, glob)))
        .flatMap((type) => {
          const witness = literalSet(example(member.text));
          const fits = type.within.every(({ glob }) => witness.within.every((one) => meet(glob, one.glob)));
          const set = narrowedBy(type, member);
          return fits ? [set, witness] : [set];
        }),
    ),
  );

type Works = {
  /** What is asked of where the action needs no resource. */
  readonly none: readonly string[];
  /** Patterns of ARNs, with `region` and `rest` filled in. */
  readonly types: (region: string, rest: string) => readonly string[];
};

/** On what the action of the question works, in the account and the Region that it asks about. */
const worksOn = (asker: InquiryContext, { asking, actor }: ActorQuestion, region: string): Works => {
  const action = asking.action.toLowerCase();
  const { arns, alsoNone } = asker.resources.get(action) ?? { arns: ['*'], alsoNone: true };
  const account = asking.resourceAccount ?? actor.account.id;
  return {
    none: alsoNone ? [resourceWithoutType(action, { region, account })] : [],
    types: (of, rest) => arns.map((arn) => fillIn(arn, account, { region: of, rest })),
  };
};

const examplesOf = (asker: InquiryContext, question: ActorQuestion): readonly string[] => {
  const region = askedRegion(asker, question);
  return worksOn(asker, question, region).types(region, 'example').map(example);
};

/** Whether the action works on something of the set. */
const fitsSome = (set: TextSet, types: readonly string[]): boolean =>
  types.map(resourcePatternSet).some((type) => type.within.every(({ glob }) => !isOutside(set, glob)));

/** Resources of which one will do: each set holds at least one that the action works on. */
export const candidates = (asker: InquiryContext, question: ActorQuestion): readonly TextSet[] => {
  const { none, types } = worksOn(asker, question, askedRegion(asker, question));
  const roles = asksForRole(question) ? rolesNaming(asker.world, question.actor) : [];
  const single = [...none, ...roles, ...examplesOf(asker, question)].map(literalSet);
  const opened = resourcesOpenTo(asker.world, question.actor).filter((set) => fitsSome(set, types('*', '*')));
  return [...single, ...opened, ...grantedSets(asker, question, types('*', '*'))];
};

/** All that a pattern matches in the account and the Region. */
export const askedResources = (asker: InquiryContext, question: ActorQuestion, pattern: string): TextSet => {
  const account = question.asking.resourceAccount ?? question.actor.account.id;
  return resourcePatternSet(inAccount(inRegion(pattern, askedRegion(asker, question)), account));
};

/** All that the action works on in the account and the Region, type by type. */
export const allResources = (asker: InquiryContext, question: ActorQuestion): readonly TextSet[] => {
  const region = askedRegion(asker, question);
  const { none, types } = worksOn(asker, question, region);
  return [...none.map(literalSet), ...types(region, '*').map(resourcePatternSet)];
};

/** Whether a resource was made up to ask about, or is none: that it is allowed there says nothing of where. */
export const isExample = (asker: InquiryContext, question: ActorQuestion, resource: string): boolean =>
  resource === '*' || examplesOf(asker, question).includes(resource);
