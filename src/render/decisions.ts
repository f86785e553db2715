/** What somebody has to decide about, a row each: permission sets given and taken, and whatever else changes what anybody can do. */
import type { Risk } from '../model/desired.ts';
import { grouped, remembered, rememberedOf } from '../model/lists.ts';
import type { AccessChange, GrantRow, Plan } from '../model/plan.ts';
import { decodeName } from '../model/resource.ts';
import { accessIn, accessItemText, ruleIds } from './access-words.ts';
import { MOST_APART, apartText, grantLines, grantParts, grantRules, whereText } from './grant-sentences.ts';
import type { GrantLine, GrantParts } from './grant-sentences.ts';
import type { SummaryVoice } from './summary.ts';
import { byDanger, rulesOf, highestRisk, isAtLeast } from '../model/risk.ts';
import { counted, foldedList } from './words.ts';

/** A row of the table; raw text, '' where there is nothing to say. */
export type PlanDecision = GrantParts & {
  readonly risk: Risk;
  readonly rules: readonly string[];
  readonly place?: { readonly file: string; readonly line: number };
  /** People times accounts: what is larger stands first. */
  readonly size: number;
};

const placeOf = ({ file, line }: GrantRow): Pick<PlanDecision, 'place'> =>
  file === undefined || line === undefined ? {} : { place: { file, line } };

const ofGrant = (line: GrantLine, voice: SummaryVoice): PlanDecision => {
  const [row] = line.rows;
  return {
    ...grantParts(line, voice),
    risk: line.risk,
    rules: line.rules,
    ...(row === undefined ? {} : placeOf(row)),
    size: line.people * line.where.length,
  };
};

const MOST_ITEMS = 2;
const MOST_ACTIONS = 3;

const words: Readonly<Record<SummaryVoice, readonly [gained: string, lost: string, changed: string]>> = {
  plan: ['can do more:', 'can do less:', 'on other conditions:'],
  drift: ['can do more than was agreed:', 'can do less than was agreed:', 'on other conditions:'],
};

const itemsText = (word: string, items: AccessChange['gained']): readonly string[] => {
  if (items.length === 0) return [];
  const shown = items.slice(0, MOST_ITEMS).map((item) => accessItemText(item, MOST_ACTIONS));
  const rest = items.length - shown.length;
  return [`${word} ${[...shown, ...(rest > 0 ? [`… and ${counted(rest, 'more service')}`] : [])].join('; ')}`];
};

const trusting = / as role:(.*)$/;

const trustWords = ({ gained, lost }: AccessChange): string => {
  if (gained.length > 0) return 'may assume';
  return lost.length > 0 ? 'may no longer assume' : 'may assume, on other conditions,';
};

/** Whom a role trusts, and what stands above it. */
const trustText = (row: AccessChange, role: string): string => {
  const by = (row.blocked ?? []).map((one) => one.by).join(', ');
  if (by === '') return `${trustWords(row)} role ${role}`;
  const isNew = row.gained.length + row.lost.length + row.changed.length === 0;
  return isNew ? `is trusted by role ${role}, but ${by} denies it` : `${trustWords(row)} role ${role}: ${by} denies it`;
};

const accessText = (row: AccessChange, voice: SummaryVoice): string => {
  const [, role] = trusting.exec(row.principal) ?? [];
  if (role !== undefined) return trustText(row, decodeName(role));
  const [gained, lost, changed] = words[voice];
  return [...itemsText(gained, row.gained), ...itemsText(lost, row.lost), ...itemsText(changed, row.changed)].join(
    '; ',
  );
};

/** "SecureCart-Ops (3 people)" of `group:SecureCart-Ops`; a role is called one. */
const principalText = ({ principal, people }: AccessChange): string => {
  const name = decodeName(principal.replace(trusting, ''));
  if (principal.startsWith('group:')) return `${name.slice('group:'.length)} (${counted(people, 'person', 'people')})`;
  return name.replace(/^user:/, '').replace(/^role:/, 'role ');
};

const MOST_WHO = 3;

const ofAccess = (rows: readonly [AccessChange, ...AccessChange[]], voice: SummaryVoice): PlanDecision => {
  const [first] = rows;
  const people = rows.reduce((sum, row) => sum + row.people, 0);
  const accounts = [...new Set(rows.flatMap((row) => row.accounts))];
  return {
    who: foldedList(rows.map(principalText), MOST_WHO),
    what: accessText(first, voice),
    where: accounts.length > first.accounts.length ? apartText({ where: accounts }) : whereText({ where: accounts }),
    until: '',
    why: '',
    risk: first.risk,
    rules: grantRules(rulesOf(first)),
    size: people * accounts.length,
  };
};

/** Where a grant says that somebody gets or loses access, and the highest risk that it says there. */
type SaidRisk = (account: string) => Risk | undefined;

const setOf = rememberedOf((where: readonly string[]): ReadonlySet<string> => new Set(where));

/** Rows of one list of accounts say what the riskiest of them says. */
const ofEachList = (rows: readonly GrantRow[]): readonly Pick<GrantRow, 'where' | 'risk'>[] =>
  [...grouped(rows, ({ where }) => where)].flatMap(([where, same]) =>
    where.length === 0 ? [] : [{ where, risk: highestRisk(same.map(({ risk }) => risk)) }],
  );

const saidBy = (all: readonly GrantRow[]): SaidRisk => {
  const rows = ofEachList(all);
  const [only, ...others] = rows;
  if (only !== undefined && others.length === 0) {
    const where = setOf(only.where);
    return (account) => (where.has(account) ? only.risk : undefined);
  }
  const risks = new Map<string, Risk>();
  for (const { where, risk } of rows)
    for (const account of where) risks.set(account, highestRisk([risk, risks.get(account) ?? 'low']));
  return (account) => risks.get(account);
};

/** By `gets group:Ops`. */
const grantedPlaces = (grants: readonly GrantRow[]): ((change: GrantRow['change'], name: string) => SaidRisk) => {
  const named = grants.flatMap((row) => {
    const names = [`${row.type}:${row.who}`, ...(row.through === undefined ? [] : [`group:${row.through}`])];
    return names.map((name) => ({ name: `${row.change} ${name}`, row }));
  });
  const rows = grouped(named, ({ name }) => name);
  const said = remembered((name: string) => saidBy((rows.get(name) ?? []).map(({ row }) => row)));
  return (change, name) => said(`${change} ${name}`);
};

/**
 * What the grants say already: whoever gains is given a set in each of the accounts, whoever loses is deprived of one, and
 * the risk that they say is no lower. Else a small grant would hide what an edited set or a guard rail does beside it.
 */
export const explainedBy = (grants: readonly GrantRow[]): ((row: AccessChange) => boolean) => {
  const saidOf = grantedPlaces(grants);
  return ({ principal, accounts, gained, lost, changed, risk }) => {
    const colon = principal.indexOf(':') + 1;
    const name = `${principal.slice(0, colon)}${decodeName(principal.slice(colon))}`;
    const says = (change: GrantRow['change']): boolean => {
      const riskIn = saidOf(change, name);
      return accounts.every((account) => {
        const said = riskIn(account);
        return said !== undefined && isAtLeast(said, risk);
      });
    };
    const more = [...gained, ...changed.filter(({ narrower }) => narrower !== true)];
    const less = [...lost, ...changed.filter(({ narrower }) => narrower === true)];
    return (more.length === 0 || says('gets')) && (less.length === 0 || says('loses'));
  };
};

type AccessGroups = readonly (readonly AccessChange[])[];

const alikeIn = (rows: readonly AccessChange[], voice: SummaryVoice): AccessGroups => {
  const what = (row: AccessChange): string => JSON.stringify([accessText(row, voice), row.risk, ruleIds(row)]);
  const apart = [...grouped(rows, (row) => `${what(row)} ${row.accounts.join(' ')}`).values()];
  const largest = rows.toSorted((one, other) => other.people - one.people);
  return apart.length <= MOST_APART ? apart : [...grouped(largest, what).values()];
};

const accessDecisions = (plan: Plan, voice: SummaryVoice): readonly PlanDecision[] => {
  const isExplained = explainedBy(plan.grants ?? []);
  const rows = accessIn({ ...plan, access: plan.access.filter((row) => !isExplained(row)) }, voice);
  return alikeIn(rows, voice).flatMap(([first, ...rest]) =>
    first === undefined ? [] : [ofAccess([first, ...rest], voice)],
  );
};

/** The riskiest first, then the largest. */
export const decisionsOf = (plan: Plan, voice: SummaryVoice): readonly PlanDecision[] =>
  [...grantLines(plan.grants ?? []).map((line) => ofGrant(line, voice)), ...accessDecisions(plan, voice)].toSorted(
    (one, other) => byDanger(one, other) || other.size - one.size,
  );

/** "critical: administrator, production"; low says no more. */
export const riskText = ({ risk, rules }: Pick<PlanDecision, 'risk' | 'rules'>): string =>
  rules.length === 0 ? risk : `${risk}: ${rules.join(', ')}`;
