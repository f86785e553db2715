/** Attributes for access control that change: which policies ask for the tags that they put on sessions. */
import { shortList } from '../../model/lists.ts';
import type { Change, Note } from '../../model/plan.ts';
import { afterOf, beforeOf } from '../../model/plan.ts';
import { keyText } from '../../model/resource.ts';
import type { AccessAttributes, Resource, State } from '../../model/resource.ts';

type Attributes = AccessAttributes['attributes'];

const attributesOf = (resource: Resource | undefined): Attributes =>
  resource?.kind === 'access-attributes' ? resource.attributes : {};

const changedIn = (before: Attributes, after: Attributes): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]).toSorted();

const most = 5;

/** As a condition or as a variable; keys of conditions know no case. */
const askersOf = (state: State, key: string): readonly string[] => {
  const asked = `aws:principaltag/${key.toLowerCase()}`;
  const asks = (text: string): boolean => text.includes(`${asked}"`) || text.includes(`${asked}}`);
  return Object.entries(state)
    .filter(([, resource]) => asks(JSON.stringify(resource).toLowerCase()))
    .map(([name]) => keyText(name));
};

/** `state`: with what is planned. */
export const sessionTagNotes = (changes: readonly Change[], state: State): readonly Note[] =>
  changes
    .filter(({ kind }) => kind === 'access-attributes')
    .flatMap((change) => changedIn(attributesOf(beforeOf(change)), attributesOf(afterOf(change))))
    .map((key) => {
      const askers = askersOf(state, key);
      const who = askers.length === 0 ? 'by no policy that is read here' : `by ${shortList(askers, most)}`;
      return {
        message: `aws:PrincipalTag/${key} of people's sessions changes with the next sign-in; it is asked for ${who}. Policies of resources and AWS managed policies may ask for it too.`,
      };
    });
