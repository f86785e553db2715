/** What the files ask for on another day is told from one reading of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onDay, turningDays } from '../../src/desired/days.ts';
import { dayAfter, dayBefore } from '../../src/model/days.ts';
import { desiredOf } from './repository.ts';

const days = ['2026-11-20', '2026-11-23', '2026-11-24', '2026-12-31', '2027-01-01', '2027-02-28'];
const day = fc.option(fc.constantFrom(...days), { nil: undefined });
type Span = { readonly from: string | undefined; readonly until: string | undefined };
const span: fc.Arbitrary<Span> = fc
  .record({ from: day, until: day })
  .filter(({ from, until }) => from === undefined || until === undefined || from <= until);

const words = ({ from, until }: Span): string =>
  [...(from === undefined ? [] : [`from: ${from}`]), ...(until === undefined ? [] : [`until: ${until}`])].join(', ');
const entry = (text: string, one: Span): string => `{ ${[text, words(one)].filter((part) => part !== '').join(', ')} }`;
const role = (name: string, one: Span): string =>
  `role: ${name}\naccounts: [Dev]\ntrust: [{ github: { repository: a/b, ref: refs/heads/main } }]\n${words(one).replace(', ', '\n')}\n`;

const files = fc.tuple(span, span, span, span, span, span).map(([member, first, second, user, build, deploy]) => ({
  'access/groups/g.yaml': `group: G\nmembers:\n  - ${entry('user: a@b.c', member)}\nassignments:\n  - ${entry('permissionSet: Read, accounts: [Prod, Dev]', first)}\n  - ${entry('permissionSet: Read, accounts: [Prod]', second)}\n`,
  'access/users/u.yaml': `user: u@b.c\nassignments:\n  - ${entry('permissionSet: Write, accounts: [Play]', user)}\n`,
  'access/roles/build.yaml': role('Build', build),
  'access/roles/deploy.yaml': role('Deploy', deploy),
}));

test('the state of another day is the one that the files are read to on that day', () => {
  fc.assert(
    fc.property(files, fc.constantFrom(...days, '2026-11-25', '2027-03-01'), (changes, other) => {
      const told = onDay(desiredOf(changes), other);
      expect(told.state).toEqual(desiredOf(changes, `${other}T12:00:00Z`).state);
    }),
    { numRuns: 60 },
  );
});

test('nothing changes between the days on which something begins or is over', () => {
  fc.assert(
    fc.property(files, (changes) => {
      const desired = desiredOf(changes);
      const turns = new Set(turningDays(desired, '2026-11-23'));
      for (let one = '2026-11-24'; one < '2027-03-05'; one = dayAfter(one))
        if (!turns.has(one)) expect(onDay(desired, one).state).toEqual(onDay(desired, dayBefore(one)).state);
    }),
    { numRuns: 10 },
  );
});

test('a day before and after a turn of the year', () => {
  expect([dayAfter('2026-12-31'), dayBefore('2027-01-01')]).toEqual(['2027-01-01', '2026-12-31']);
});
