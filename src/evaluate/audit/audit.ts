/** The rules asked of what was read, and what is waived of their answers. */
import type {
  AuditContext,
  AuditFacts,
  AuditFinding,
  AuditReport,
  IdleWaiver,
  WaivedFinding,
} from '../../model/audit.ts';
import type { Waiver } from '../../model/desired.ts';
import { findingOf } from './rule.ts';
import type { AuditRule } from './rule.ts';
import { auditRules } from './rules.ts';
import { compareRisks } from '../../model/risk.ts';
import { dayOf } from '../../model/days.ts';

const ask = (rule: AuditRule, facts: AuditFacts, context: AuditContext): readonly AuditFinding[] => {
  if (rule.of === 'organization') return rule.find(facts, context).map((hit) => findingOf(rule, hit));
  return facts.accounts.flatMap((account) =>
    rule.find(account, context, facts).map((hit) => ({ ...findingOf(rule, hit), account: account.account })),
  );
};

const byWorst = (one: AuditFinding, other: AuditFinding): number => compareRisks(other.severity, one.severity);

/** `until` is the last valid day, UTC. */
const isOver = ({ until }: Waiver, now: string): boolean => until < dayOf(now);

/** A waiver without an account is for all. */
const covers = (waiver: Waiver, finding: AuditFinding, now: string): boolean =>
  waiver.finding === finding.rule &&
  (waiver.account === undefined || waiver.account === finding.account) &&
  !isOver(waiver, now);

const idleIn = (waivers: readonly Waiver[], used: ReadonlySet<Waiver>, now: string): readonly IdleWaiver[] =>
  waivers
    .filter((waiver) => !used.has(waiver))
    .map((waiver) => ({ ...waiver, why: isOver(waiver, now) ? 'ended' : 'unused' }));

export const audit = (facts: AuditFacts, context: AuditContext): AuditReport => {
  const all = auditRules.flatMap((rule) => ask(rule, facts, context)).toSorted(byWorst);
  const waiverOf = (finding: AuditFinding): Waiver | undefined =>
    context.waivers.find((waiver) => covers(waiver, finding, context.now));
  const waived = all.flatMap((finding): readonly WaivedFinding[] => {
    const waiver = waiverOf(finding);
    return waiver === undefined ? [] : [{ ...finding, until: waiver.until, reason: waiver.reason }];
  });
  return {
    generatedAt: context.now,
    region: facts.region,
    ...(facts.resourceRegions === undefined ? {} : { resourceRegions: facts.resourceRegions }),
    accounts: facts.accounts.map(({ account }) => account),
    findings: all.filter((finding) => waiverOf(finding) === undefined),
    waived,
    idleWaivers: idleIn(context.waivers, new Set(all.flatMap((finding) => waiverOf(finding) ?? [])), context.now),
    unread: [...facts.unread, ...facts.accounts.flatMap(({ unread }) => unread)],
  };
};
