/** Access tests whose answer no policy changes: they can never fail, or never hold. */
import { liesWithin, resourceGlob, globOf } from '../ask/patterns.ts';
import { protectedObjects } from '../aws-lists.ts';
import { isFree } from '../by-aws.ts';
import { parsePattern } from '../match.ts';
import { quote } from './document.ts';
import type { TestedAction } from './context.ts';
import type { LocatedFinding } from './silence.ts';

type SettledTest = { readonly is: TestedAction['must']; readonly because: string };

const protectedRow = ({ pattern, resources }: TestedAction) =>
  resources.length === 0
    ? undefined
    : protectedObjects.entries.find(
        ({ arns, actions }) =>
          actions.includes(pattern.toLowerCase()) &&
          resources.every((arn) => liesWithin(resourceGlob(parsePattern(arn), 'aligned'), globOf(arns))),
      );

const settledOf = (tested: TestedAction): SettledTest | undefined => {
  if (isFree(tested.pattern.toLowerCase()))
    return { is: 'allowed', because: 'it needs no permission, and no policy denies it' };
  const row = protectedRow(tested);
  return row && { is: 'denied', because: row.because };
};

const settledFinding = (tested: TestedAction): readonly LocatedFinding[] => {
  const settled = settledOf(tested);
  if (settled === undefined) return [];
  const comes = settled.is === tested.must ? 'fail' : 'hold';
  const message = `a test that ${quote(tested.pattern)} is ${tested.must} can never ${comes}: ${settled.because}`;
  return [{ rule: 'settled-test', at: tested.at, message, within: [tested.within] }];
};

const isSame = (one: TestedAction, other: TestedAction): boolean =>
  one.within.file === other.within.file && one.within.line === other.within.line && one.context === other.context;

/** A denial without a resource is of every resource; one with patterns is of what lies within one of them. */
const coversResources = (denied: TestedAction, allowed: TestedAction): boolean =>
  denied.resources.length === 0 ||
  (allowed.resources.length > 0 &&
    allowed.resources.some((arn) =>
      denied.resources.some((other) =>
        liesWithin(resourceGlob(parsePattern(arn), 'aligned'), resourceGlob(parsePattern(other), 'aligned')),
      ),
    ));

const contradicts = (denied: TestedAction, allowed: TestedAction): boolean =>
  isSame(denied, allowed) &&
  liesWithin(globOf(allowed.pattern.toLowerCase()), globOf(denied.pattern.toLowerCase())) &&
  coversResources(denied, allowed);

const contradictions = (tested: readonly TestedAction[]): readonly LocatedFinding[] => {
  const allowed = tested.filter(({ must }) => must === 'allowed');
  const denied = tested.filter(({ must }) => must === 'denied');
  return allowed.flatMap((one): readonly LocatedFinding[] => {
    const against = denied.find((other) => contradicts(other, one));
    if (against === undefined) return [];
    const message = `${quote(one.pattern)} is to be allowed, and ${quote(against.pattern)} denied, by the same test`;
    return [{ rule: 'contradictory-test', at: one.at, message, within: [one.within] }];
  });
};

export const lintSettledTests = (tested: readonly TestedAction[]): readonly LocatedFinding[] => [
  ...tested.flatMap(settledFinding),
  ...contradictions(tested),
];
