/** How bad something is, and by which rules. */
import type { Risk } from '../../model/desired.ts';
import { byDanger, highestRisk } from '../../model/risk.ts';

/** `reasons`: each begins with the id of its rule. */
export type Judgment = { readonly risk: Risk; readonly reasons: readonly string[] };

/** `management`: where Identity Center and the organization are managed; it counts as production too. */
export type AccountKind = 'management' | 'production' | 'elsewhere';

/** The worst, the first of several. */
export const worst = (judgments: readonly Judgment[]): Judgment | undefined => judgments.toSorted(byDanger)[0];

export const joined = (judgments: readonly Judgment[]): Judgment => ({
  risk: highestRisk(judgments.map(({ risk }) => risk)),
  reasons: [...new Set(judgments.flatMap(({ reasons }) => reasons))],
});
