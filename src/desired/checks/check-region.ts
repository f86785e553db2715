/** Regions as the files write them; their form is the schema's to check. */
import { isDoubtfulRegion, regionNames } from '../../evaluate/regions.ts';
import type { Place } from '../../model/problem.ts';
import type { ReportFinding } from '../rules.ts';
import { didYouMean } from '../suggest.ts';
import { quoted } from '../text.ts';

export const checkRegion = (at: Place, region: string | undefined, report: ReportFinding): void => {
  if (region === undefined || !isDoubtfulRegion(region)) return;
  const message = `${quoted(region)} is no Region that AWS is known to have`;
  report({ at, rule: 'unknown-region', message, hint: didYouMean(region, regionNames) });
};
