/** How bad something is, and by which rules. */
import type { Risk } from '../../model/desired.ts';

/** `reasons`: each begins with the id of its rule. */
export type Judgment = { readonly risk: Risk; readonly reasons: readonly string[] };

/** `management`: where Identity Center and the organization are managed; it counts as production too. */
export type AccountKind = 'management' | 'production' | 'elsewhere';

const levels: readonly Risk[] = ['low', 'medium', 'high', 'critical'];

/** The least comes first. */
export const byRisk = (one: Risk, other: Risk): number => levels.indexOf(one) - levels.indexOf(other);

export const highestRisk = (risks: readonly Risk[]): Risk => risks.toSorted(byRisk).at(-1) ?? 'low';
export const lowerRisk = (one: Risk, other: Risk): Risk => (byRisk(one, other) < 0 ? one : other);

/** The worst, the first of several. */
export const worst = (judgments: readonly Judgment[]): Judgment | undefined =>
  judgments.toSorted((one, other) => byRisk(other.risk, one.risk))[0];

export const joined = (judgments: readonly Judgment[]): Judgment => ({
  risk: highestRisk(judgments.map(({ risk }) => risk)),
  reasons: [...new Set(judgments.flatMap(({ reasons }) => reasons))],
});
