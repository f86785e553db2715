/** How dangerous something is: the order of its levels. */
import type { Risk } from './desired.ts';

/** The most dangerous first, as every list that people read is sorted. */
export const risksByDanger: readonly Risk[] = ['critical', 'high', 'medium', 'low'];

/** Sorts the least dangerous first. */
export const compareRisks = (one: Risk, other: Risk): number =>
  risksByDanger.indexOf(other) - risksByDanger.indexOf(one);

/** Sorts what has a risk, the most dangerous first. */
export const byDanger = (one: { readonly risk: Risk }, other: { readonly risk: Risk }): number =>
  compareRisks(other.risk, one.risk);

export const isAtLeast = (risk: Risk, least: Risk): boolean => compareRisks(risk, least) >= 0;

/** Id of the rule that gave a risk, which its reason begins with; empty where no rule gave it. */
export const ruleOf = (riskReason: string): string => riskReason.slice(0, Math.max(0, riskReason.indexOf(':')));

/** The rules of something's risk, each once, in the order of its reasons. */
export const rulesOf = ({ riskReasons = [] }: { readonly riskReasons?: readonly string[] }): readonly string[] => [
  ...new Set(riskReasons.map(ruleOf)),
];

/** `low` where there are none. */
export const highestRisk = (risks: readonly Risk[]): Risk => risks.toSorted(compareRisks).at(-1) ?? 'low';

export const lowerRisk = (one: Risk, other: Risk): Risk => (compareRisks(one, other) < 0 ? one : other);
