/** Regions in ARNs and conditions that AWS is not known to have: what names them is about nothing. */
import { splitArn } from '../match.ts';
import { isDoubtfulRegion, isNoRegion, regionNames } from '../regions.ts';
import { listOf } from '../../model/policy.ts';
import type { LintContext, TestedAction } from './context.ts';
import { quote, testsOf } from './document.ts';
import type { LintFinding, LintStatement } from './document.ts';
import type { LocatedFinding } from './silence.ts';

/** Of the partition `aws` alone: the others have other Regions. */
const regionOf = (arn: string): string | undefined => {
  const [prefix, partition, , region = ''] = splitArn(arn);
  return prefix === 'arn' && partition === 'aws' && isDoubtfulRegion(region) ? region : undefined;
};

const doubt = (region: string, { suggest }: LintContext) => {
  const near = suggest(region, regionNames);
  return {
    rule: 'uncatalogued-region' as const,
    message: `${quote(region)} is no Region that AWS is known to have`,
    ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
  };
};

export const lintRegions = (at: LintStatement, context: LintContext): readonly LintFinding[] => [
  ...(['Resource', 'NotResource'] as const).flatMap((element) =>
    listOf(at.statement[element]).flatMap((arn, index) => {
      const region = regionOf(arn);
      return region === undefined ? [] : [{ ...doubt(region, context), at: at.at(element, index) }];
    }),
  ),
  ...testsOf(at.statement).flatMap(({ key, operator, written, values }) =>
    values.flatMap((value) => {
      const region = key === 'aws:requestedregion' && isDoubtfulRegion(value) ? value : regionOf(value);
      return region === undefined ? [] : [{ ...doubt(region, context), at: at.keyAt('Condition', operator, written) }];
    }),
  ),
];

/** In policy documents this is said of the ARN as a whole. */
const formless = (arn: string): string | undefined => {
  const [prefix, , , region = ''] = splitArn(arn);
  return prefix === 'arn' && isNoRegion(region) ? region : undefined;
};

export const lintTestedRegions = (tested: readonly TestedAction[], context: LintContext): readonly LocatedFinding[] =>
  tested.flatMap(({ resources, at, within }) =>
    resources.flatMap((arn): readonly LocatedFinding[] => {
      const wrong = formless(arn);
      if (wrong !== undefined)
        return [{ rule: 'bad-arn', at, message: `${quote(arn)} has the Region ${quote(wrong)}`, within: [within] }];
      const region = regionOf(arn);
      return region === undefined ? [] : [{ ...doubt(region, context), at, within: [within] }];
    }),
  );
