/** A guard rail that comes in stages: where it hangs on which day, what is refused, and what is said of what is to come. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onDay } from '../../src/desired/days.ts';
import { isRefused, repoOf } from '../../src/import/edit/repo.ts';
import { withAttachment, withoutAttachment } from '../../src/import/edit/bindings.ts';
import { withName, withOuName } from '../../src/import/edit/rename.ts';
import { formattedFile } from '../../src/import/format/format-file.ts';
import { daysAfter } from '../../src/model/days.ts';
import type { Desired } from '../../src/model/desired.ts';
import { resourcesOf, targetText } from '../../src/model/resource.ts';
import { rolloutNotes } from '../../src/plan/situation/rollouts.ts';
import { turningsOf } from '../../src/questions/expiring.ts';
import { expiringText } from '../../src/render/expiring.ts';
import { plainPaint } from '../../src/render/paint.ts';
import { context, desiredOf, repository, said } from './repository.ts';

const bindings = (text: string): Readonly<Record<string, string>> => ({ 'scps/bindings.yaml': text });
const staged = (...stages: readonly string[]): Readonly<Record<string, string>> =>
  bindings(`rollout:\n  Deny:\n${stages.map((stage) => `    - { ${stage} }\n`).join('')}`);
const targetsOf = ({ state }: Desired): readonly string[] =>
  resourcesOf(state, 'attachment').flatMap(({ policy, target }) => (policy.name === 'Deny' ? targetText(target) : []));

const three = [
  'ou: Sandbox, from: 2026-11-20',
  'ou: Workloads/NonProduction, after: 7d',
  'ou: Workloads/Production, after: 14d',
] as const;

test('a stage holds from its day on, and one without a day nowhere', () => {
  const desired = desiredOf(staged(three[0], 'ou: Workloads/NonProduction, from: 2026-11-25', three[2]));
  expect(targetsOf(desired)).toEqual(['ou:Sandbox']);
  expect(targetsOf(onDay(desired, '2026-11-19'))).toEqual([]);
  expect(targetsOf(onDay(desired, '2026-11-25'))).toEqual(['ou:Sandbox', 'ou:Workloads/NonProduction']);
  expect(targetsOf(onDay(desired, '2099-01-01'))).toEqual(['ou:Sandbox', 'ou:Workloads/NonProduction']);
});

const ous = ['Sandbox', 'Workloads/NonProduction', 'Workloads/Production', 'Workloads', 'Root'] as const;
const targets = ['ou:Sandbox', 'ou:Workloads/NonProduction', 'ou:Workloads/Production', 'ou:Workloads', 'root'];
const gaps = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: ous.length });

test('whatever the stages: on each day those whose day has come, so that a later day takes none away', () => {
  fc.assert(
    fc.property(gaps, fc.nat({ max: 4 }), fc.nat({ max: 60 }), (steps, undated, later) => {
      const days = steps.map((_, index) =>
        daysAfter(
          '2026-11-10',
          steps.slice(0, index + 1).reduce((sum, step) => sum + step, 0),
        ),
      );
      const dated = days.slice(0, Math.max(1, days.length - undated));
      const words = days.map((day, index) =>
        index < dated.length ? `ou: ${ous[index] ?? ''}, from: ${day}` : `ou: ${ous[index] ?? ''}, after: 3d`,
      );
      const desired = desiredOf(staged(...words));
      const day = daysAfter('2026-11-10', later);
      const begun = targets.slice(0, dated.filter((from) => from <= day).length).sort();
      expect([...targetsOf(onDay(desired, day))].sort()).toEqual(begun);
      expect(onDay(desired, day).state).toEqual(desiredOf(staged(...words), `${day}T12:00:00Z`).state);
      const next = targetsOf(onDay(desired, daysAfter(day, 1)));
      for (const target of begun) expect(next).toContain(target);
    }),
    { numRuns: 80 },
  );
});

const refused: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [staged('ou: Sandbox, after: 7d'), '3:29 rollout-order the first stage needs from: no stage comes before it'],
  [staged('ou: Sandbox'), '3:7 missing-key neither from nor after says when it comes here'],
  [staged('ou: Sandbox, from: 2026-11-20, after: 7d'), '3:40 conflicting-keys from and after exclude each other'],
  [
    staged(three[0], 'ou: Workloads, from: 2026-11-19'),
    '4:30 rollout-order begins on 2026-11-19, before the stage before it, on 2026-11-20',
  ],
  [
    staged(three[0], three[1], 'ou: Workloads/Production, from: 2026-12-19'),
    '5:41 rollout-order begins on 2026-12-19, but the stage before has no day yet',
  ],
  [
    staged('ou: Workloads, from: 2026-11-20', three[2]),
    '4:13 rollout-order "Workloads/Production" is reached by the stage on line 3 already',
  ],
  [staged('ou: Sanbox, from: 2026-11-20'), '3:13 unknown-ou "Sanbox" is not an OU. Did you mean Sandbox?'],
  [staged(three[0], 'ou: Workloads, after: 7'), '4:31 wrong-type after must be days such as 7d, not a number'],
  [staged(three[0], 'ou: Workloads, after: 0d'), '4:31 wrong-value after must be days such as 7d, not "0d"'],
  [staged('ou: Sandbox, from: 2026-11-31'), '3:28 bad-date "2026-11-31" is not a day of the calendar'],
  [
    bindings('ous: { Root: [Deny] }\nrollout: { Deny: [{ ou: Sandbox, from: 2026-11-20 }] }\n'),
    '1:15 conflicting-keys "Deny" has a rollout (line 2), which says every place where it hangs',
  ],
  [
    bindings('ous: { Root: [Deny] }\nrollout: { Denny: [{ ou: Sandbox, from: 2026-11-20 }] }\n'),
    '2:19 unknown-scp "Denny" is not a policy of scps/. Did you mean Deny?',
  ],
];

test.each(refused)('refused: %j', (changes, message) => {
  expect(said(changes)).toEqual([`scps/bindings.yaml:${message}`]);
});

test('every stage counts for the policies that AWS allows on a target, begun or not', () => {
  const policies = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((one): readonly [string, string] => [
    `scps/p${one}.yaml`,
    `scp: P${one}\npolicy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "s3:PutObject${one}", Resource: "*" }] }\n`,
  ]);
  const names = policies.map((_, index) => `P${index + 1}`);
  const text = `ous: { Sandbox: [${names.slice(1).join(', ')}] }\nrollout: { Deny: [{ ou: Root, from: 2027-01-01 }], P1: [{ ou: Sandbox, from: 2027-01-01 }] }\n`;
  const changes: Readonly<Record<string, string>> = { ...Object.fromEntries(policies), ...bindings(text) };
  expect(said(changes).join('\n')).toContain('too-many 11 SCPs here');
});

const style = { paint: plainPaint, width: 80 };
const noteOn = (day: string, ...stages: readonly string[]): string | undefined =>
  rolloutNotes(desiredOf(staged(...stages), `${day}T12:00:00Z`), day)[0]?.message;

test('the plan says how far it has come, until it is everywhere', () => {
  expect(noteOn('2026-11-23', ...three)).toBe(
    'SCP Deny: bound to Sandbox since 2026-11-20; next Workloads/NonProduction, due on 2026-11-27 (after 7 days), then Workloads/Production 14 days later',
  );
  expect(noteOn('2026-11-27', ...three)).toContain('next Workloads/NonProduction, due since 2026-11-27 (after 7 days)');
  expect(noteOn('2026-11-19', three[0], 'ou: Workloads, from: 2026-12-01')).toBe(
    'SCP Deny: bound nowhere yet; next Sandbox on 2026-11-20, then Workloads on 2026-12-01',
  );
  expect(noteOn('2026-12-01', three[0], 'ou: Workloads, from: 2026-12-01')).toBeUndefined();
});

test('what begins and what is due is listed with its place', () => {
  const told = (now: string, ...stages: readonly string[]): string =>
    expiringText(turningsOf(desiredOf(staged(...stages), now), { now, within: 14 }), 14, style);
  expect(told(context.now, ...three)).toBe(
    '  + SCP Deny comes to OU Workloads/NonProduction: due on 2026-11-27\n      (scps/bindings.yaml:4)',
  );
  expect(told('2026-12-20T12:00:00Z', ...three)).toContain('due on 2026-11-27');
  expect(told('2026-11-19T12:00:00Z', three[0])).toContain('SCP Deny comes to OU Sandbox from 2026-11-20');
  expect(told('2026-12-20T12:00:00Z', ...three)).not.toContain('Workloads/Production');
});

const commented = `# Why it comes slowly.
rollout:
  # First where nobody works.
  Deny:
    - ou: Sandbox # play
      from: 2026-11-20
    - { ou: Workloads/NonProduction, after: 7d }
`;
const editedText = (edited: ReturnType<typeof withName>): string =>
  isRefused(edited) ? edited.refused : (edited.entries.get('scps/bindings.yaml')?.text ?? '');
const repo = () => repoOf(repository(bindings(commented)).files);

test('another name of the policy or of an OU is written in the stages, and comments stay', () => {
  expect(editedText(withName(repo(), { kind: 'scp', name: 'Deny' }, 'Refuse'))).toBe(
    commented.replace('  Deny:', '  Refuse:'),
  );
  expect(editedText(withOuName(repo(), 'Workloads', { name: 'Work', key: 'Work' }))).toBe(
    commented.replace('Workloads/', 'Work/'),
  );
});

test('what somebody attached or detached by hand makes no stage', () => {
  const attachment = {
    kind: 'attachment',
    policy: { kind: 'scp', name: 'Deny' },
    target: { type: 'ou', path: 'Sandbox' },
  } as const;
  for (const edit of [withAttachment, withoutAttachment])
    expect(editedText(edit(repo(), { attachment, place: 'Sandbox' }))).toContain('edit the stages there');
});

test('fmt puts the keys of a stage in their order and keeps the order of the stages', () => {
  const text = 'rollout:\n  Deny:\n    - from: 2026-11-20\n      ou: Sandbox\n    - { after: 7d, ou: Workloads }\n';
  expect(formattedFile({ path: 'scps/bindings.yaml', text })).toBe(
    'rollout:\n  Deny:\n    - ou: Sandbox\n      from: 2026-11-20\n    - { ou: Workloads, after: 7d }\n',
  );
});
