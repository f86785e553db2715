/** Whether several plans were made from the same files and found the same AWS, as far as they can show it. */
import type { Desired } from '../../model/desired.ts';
import { asDeclared, canonical } from '../../kinds/equal.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { afterOf } from '../../model/plan.ts';
import type { Kind } from '../../model/resource.ts';
import { UserError } from '../../model/problem.ts';

const inAccount = (key: string): boolean => /^(role|policy|oidc-provider|resource-policy)\//.test(key);

/** The ids of what is to become of each key, what is held included. */
const intentions = ({ changes, held }: Plan): ReadonlyMap<string, string> => {
  const ids = new Map<string, string>();
  for (const { key, id } of [...changes, ...held].toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    ids.set(key, `${ids.get(key) ?? ''} ${id}`);
  return ids;
};

/** What lies in no account is in each plan, and alike; what lies in one is alike wherever it is. */
const disagreement = (plans: readonly Plan[]): string | undefined => {
  const all = plans.map(intentions);
  const keys = [...new Set(all.flatMap((one) => [...one.keys()]))];
  return keys.find((key) => {
    const said = all.map((one) => one.get(key));
    return new Set(inAccount(key) ? said.filter((ids) => ids !== undefined) : said).size > 1;
  });
};

/** Whose every value the files say. */
const ofFiles: readonly Kind[] = ['role', 'policy', 'resource-policy'];

/** A provider keeps the audiences that it has in AWS, of which the files know nothing. */
const isOfOtherFiles = (change: Change, { state }: Desired): boolean => {
  if (!ofFiles.includes(change.kind)) return false;
  const [wanted, after] = [state[change.key], afterOf(change)];
  if (wanted === undefined || after === undefined) return wanted !== after;
  return canonical(asDeclared(wanted)) !== canonical(asDeclared(after));
};

/** Throws a UserError that names what they do not agree on. */
export const requireOneWorld = (plans: readonly Plan[], desired: Desired): void => {
  const key = disagreement(plans);
  if (key !== undefined)
    throw new UserError(
      `the plans do not agree on ${key}: they were made from different files, or AWS changed in between. Make them again.`,
    );
  // What changes in several steps leads there by the last one.
  const last = plans.flatMap(({ changes }) => [...new Map(changes.map((change) => [change.key, change])).values()]);
  const other = last.find((change) => isOfOtherFiles(change, desired));
  if (other === undefined) return;
  throw new UserError(
    `a plan was made from other files than these: ${other.key} does not lead to what they say. Make it again.`,
  );
};
