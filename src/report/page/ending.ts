/** What ends, the next first, and what is to begin. */
import type { Child } from './dom.ts';
import { el, linkTo, placeLink, section, table } from './dom.ts';
import type { Model } from './model.ts';
import { placesOf } from './model.ts';
import { accountsText, setLink, untilText, whoLink } from './words.ts';

type Line = { readonly day: string; readonly cells: readonly Child[] };

const daysUntil = (day: string, now: string): number =>
  Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${now.slice(0, 10)}T00:00:00Z`)) / 86_400_000);

const inDays = (day: string, now: string): string => {
  const days = daysUntil(day, now);
  return days === 0 ? 'today is its last day' : days === 1 ? 'in 1 day' : `in ${days} days`;
};

type Which = (term: { readonly from?: string; readonly until?: string; readonly later?: true }) => string | undefined;

const grantLines = (model: Model, which: Which): readonly Line[] =>
  model.report.grants.flatMap((grant) => {
    const day = which(grant);
    if (day === undefined) return [];
    const cells = [
      whoLink(model, grant.who),
      setLink(model, grant.set),
      accountsText(model, placesOf(grant.accounts)),
      grant.reason ?? '',
      placeLink(model.report, grant.at),
    ];
    return [{ day, cells }];
  });

const memberLines = (model: Model, which: Which): readonly Line[] =>
  model.report.members.flatMap((member) => {
    const day = which(member);
    if (day === undefined) return [];
    const what = ['member of ', whoLink(model, member.group)];
    return [
      { day, cells: [whoLink(model, member.user), what, '', member.reason ?? '', placeLink(model.report, member.at)] },
    ];
  });

const roleLines = (model: Model, which: Which): readonly Line[] =>
  model.report.roles.flatMap((role) => {
    const day = which(role);
    if (day === undefined) return [];
    const account = model.report.accounts[role.account]?.name ?? '';
    const where = linkTo(account, 'account', account);
    return [
      {
        day,
        cells: [
          `role ${role.path.slice(1)}${role.name}`,
          'the role itself',
          where,
          role.reason ?? '',
          placeLink(model.report, role.at),
        ],
      },
    ];
  });

const linesOf = (model: Model, which: Which): readonly (readonly Child[])[] =>
  [...grantLines(model, which), ...memberLines(model, which), ...roleLines(model, which)]
    .toSorted((one, other) => (one.day < other.day ? -1 : 1))
    .map(({ day, cells }) => [
      [untilText(day), ' ', el('span', { class: 'quiet' }, inDays(day, model.report.generatedAt))],
      ...cells,
    ]);

export const endingView = (model: Model): HTMLElement =>
  el(
    'section',
    {},
    el('h1', {}, 'What ends and begins'),
    section(
      'Ends',
      table(
        { caption: 'The last day of each, the next first', empty: 'Nothing has an end.' },
        ['Last day', 'Who', 'What', 'Where', 'Why', 'Written at'],
        linesOf(model, ({ until, later }) => (later ? undefined : until)),
      ),
    ),
    section(
      'Begins later',
      table(
        { caption: 'The first day of each', empty: 'Nothing begins later.' },
        ['First day', 'Who', 'What', 'Where', 'Why', 'Written at'],
        linesOf(model, ({ from, later }) => (later ? from : undefined)),
      ),
    ),
  );
