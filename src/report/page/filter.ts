/** Which rows and columns of the matrix are wanted. */
import type { Report, ReportGrant } from '../report.ts';
import type { Holding, Model, Risk } from './model.ts';
import { eachOf, givenNameOf, risks, untilOf } from './model.ts';

export type Filter = {
  readonly who: string;
  readonly account: string;
  readonly type: '' | 'group' | 'user';
  readonly ou: string;
  readonly tag: string;
  readonly set: string;
  readonly risk: '' | Risk;
  /** Days from now; `any` for whatever has an end. */
  readonly ends: '' | 'any' | '30' | '90';
  readonly changes: '' | 'changes' | 'before' | 'after';
};
export const noFilter: Filter = {
  who: '',
  account: '',
  type: '',
  ou: '',
  tag: '',
  set: '',
  risk: '',
  ends: '',
  changes: '',
};

export type Wanted = {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly isWanted: (holding: Holding, account: number) => boolean;
};

const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.trim().toLowerCase());

const dayAfter = (iso: string, days: number): string =>
  new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);

const endsIn = ({ ends }: Filter, { generatedAt }: Report): ((until: string | undefined) => boolean) => {
  if (ends === '') return () => true;
  const last = ends === 'any' ? '9999' : dayAfter(generatedAt, Number(ends));
  return (until) => until !== undefined && until <= last;
};

const accountsWanted = ({ accounts }: Report, { account, ou, tag }: Filter): readonly boolean[] =>
  accounts.map(
    (one) =>
      (account === '' || has(one.name, account) || one.id.includes(account.trim())) &&
      (ou === '' || one.ou === ou || one.ou.startsWith(`${ou}/`)) &&
      (tag === '' || one.tags.includes(tag)),
  );

/** A column stays when somebody holds something there that is wanted, or nothing but columns is asked for. */
const columnsOf = (model: Model, filter: Filter, hits: Hits): readonly number[] => {
  const { accounts } = model.report;
  const asksGrants =
    filter.set !== '' || filter.risk !== '' || filter.ends !== '' || filter.who !== '' || filter.changes !== '';
  const places = accounts.map((_, place) => place).filter((place) => hits.accounts[place]);
  if (!asksGrants) return places;
  const found = new Uint8Array(accounts.length);
  for (const who of hits.rows)
    for (const holding of model.holdings(who))
      if (hits.passes(holding))
        eachOf(holding.grant.accounts, (place) => hits.meets(holding, place) && (found[place] = 1));
  return places.filter((place) => found[place] === 1);
};

type Hits = {
  readonly accounts: readonly boolean[];
  readonly rows: readonly number[];
  readonly passes: (holding: Holding) => boolean;
  readonly meets: (holding: Holding, place: number) => boolean;
};

/** Of a plan: what it changes, or one of its sides. */
const isOnSide = ({ grant, through }: Holding, side: Filter['changes']): boolean => {
  const standings = [grant.standing, through?.standing];
  if (side === 'changes') return standings.some((standing) => standing !== undefined);
  return !standings.includes(side === 'before' ? 'added' : 'removed');
};

/** `passes` asks what does not hang on the account. */
const testsOf = (model: Model, filter: Filter, accounts: readonly boolean[]): Pick<Hits, 'passes' | 'meets'> => {
  const set = model.report.sets.findIndex((one) => givenNameOf(one) === filter.set);
  const ends = endsIn(filter, model.report);
  const least = filter.risk === '' ? -1 : risks.indexOf(filter.risk);
  return {
    passes: (holding) =>
      (filter.set === '' || holding.grant.set === set) &&
      (filter.ends === '' || ends(untilOf(holding))) &&
      (filter.changes === '' || isOnSide(holding, filter.changes)),
    meets: ({ grant }, place) =>
      accounts[place] === true && (least <= 0 || risks.indexOf(model.riskOf(grant, place)) >= least),
  };
};

const anyIn = (grant: ReportGrant, test: (place: number) => boolean): boolean => {
  for (let at = 0; at < grant.accounts.length; at += 2)
    for (let place = grant.accounts[at] ?? 0; place <= (grant.accounts[at + 1] ?? -1); place += 1)
      if (test(place)) return true;
  return false;
};

export const wantedOf = (model: Model, filter: Filter): Wanted => {
  const accounts = accountsWanted(model.report, filter);
  const tests = testsOf(model, filter, accounts);
  const rows = model.report.principals.flatMap(({ type, name }, who) => {
    if (filter.type !== '' && type !== filter.type) return [];
    if (filter.who !== '' && !has(name, filter.who)) return [];
    const isHit = model
      .holdings(who)
      .some((holding) => tests.passes(holding) && anyIn(holding.grant, (place) => tests.meets(holding, place)));
    return isHit ? [who] : [];
  });
  return {
    rows,
    columns: columnsOf(model, filter, { accounts, rows, ...tests }),
    isWanted: (holding, place) => tests.passes(holding) && tests.meets(holding, place),
  };
};
