/** What a user has through groups: no entry of the user's own gives it, so none can take it away. */
import type { Desired } from '../../model/desired.ts';
import type { Key } from '../../model/resource.ts';
import { grantsOf, keyOf, resourcesOf } from '../../model/resource.ts';
import { givesThing, writtenGivenOf } from '../edit/assignments.ts';
import { placeText } from './entries.ts';
import { givenWords } from './request.ts';
import type { GrantRequest } from './request.ts';

const placeWords = ({ origins }: Desired, key: Key): string => {
  const place = origins[key];
  return place === undefined ? '' : ` (${placeText(place)})`;
};

/** A sentence for each group. */
export const throughGroups = (desired: Desired, request: GrantRequest): readonly string[] => {
  const { principal, given: wanted, target } = request;
  if (principal.type !== 'user') return [];
  return resourcesOf(desired.state, 'membership')
    .filter(({ user }) => user === principal.name)
    .flatMap((membership) => {
      const given = grantsOf(desired.state).find(
        (one) =>
          one.principal.type === 'group' &&
          one.principal.name === membership.group &&
          givesThing(writtenGivenOf(one), wanted) &&
          target.accounts.includes(one.account),
      );
      if (given === undefined) return [];
      const [member, set] = [placeWords(desired, keyOf(membership)), placeWords(desired, keyOf(given))];
      return [
        `${principal.name} has ${givenWords(wanted)} in ${given.account}${set} through the group ${membership.group}${member}.`,
      ];
    });
};
