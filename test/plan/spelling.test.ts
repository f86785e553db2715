/** Names of people: in other case, changed in the directory, not there. */
import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/model/desired.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { summarySentence } from '../../src/render/summary.ts';
import {
  NOW,
  account,
  assignment,
  desired,
  externalGroup,
  group,
  live,
  membership,
  owned,
  set,
} from '../support/build.ts';

const dev = account('Dev', '222222222222');
const team = group('Team');
const reader = set('Reader');

type Sides = {
  readonly wanted: readonly Resource[];
  readonly found: readonly Resource[];
  readonly users: readonly string[];
  readonly emails?: Live['emails'];
  readonly parts?: Partial<Omit<Desired, 'settings'>>;
};

const planned = ({ wanted, found, users, emails = [], parts = {} }: Sides): Plan =>
  plan(
    desired([dev, ...wanted], { memberGroups: ['Team'], ...parts }),
    { ...live([dev, ...found]), users, emails },
    NOW,
  );

const told = ({ changes, held }: Plan): readonly string[] => [
  ...changes.map(({ action, key }) => `${action} ${key}`),
  ...held.map(({ key, reason }) => `held ${key}: ${reason}`),
];

describe('a name in other case', () => {
  it.each([
    ['ada@x.example', 'Ada@X.example'],
    ['ADA@X.EXAMPLE', 'ada@x.example'],
    ['Ärger@x.example', 'ärger@x.example'],
  ])('is the same member: %s in the files, %s in the directory', (written, there) => {
    const wanted = [team, membership('Team', written), membership('Team', 'bob')];
    const found = [team, membership('Team', there), membership('Team', 'bob')];
    const made = planned({ wanted, found, users: [there, 'bob'] });
    expect({ told: told(made), unresolved: made.unresolved }).toEqual({ told: [], unresolved: [] });
  });

  it('is the same holder of an assignment, and may be spelled otherwise in another file', () => {
    const wanted = [team, reader, membership('Team', 'Ada'), assignment('user:ada', 'Reader', 'Dev')];
    const found = [team, owned(reader), membership('Team', 'aDa'), assignment('user:aDa', 'Reader', 'Dev')];
    expect(told(planned({ wanted, found, users: ['aDa'] }))).toEqual([]);
  });

  it('is a member to be added where she is none yet', () => {
    const made = planned({ wanted: [team, membership('Team', 'Ada')], found: [team], users: ['ada'] });
    expect(told(made)).toEqual(['create membership/Team:Ada']);
  });

  it('still goes when nobody declares it', () => {
    const made = planned({ wanted: [team], found: [team, membership('Team', 'aDa')], users: ['aDa'] });
    expect(told(made)).toEqual(['delete membership/Team:aDa']);
  });

  it.each([externalGroup('okta-Admins'), group('okta-Admins')])('is the same group: $source', (declared) => {
    const wanted = [declared, reader, assignment('group:okta-Admins', 'Reader', 'Dev')];
    const found = [
      { ...group('Okta-admins'), description: undefined } as unknown as Resource,
      owned(reader),
      assignment('group:Okta-admins', 'Reader', 'Dev'),
    ];
    const made = planned({ wanted, found, users: [] });
    expect({ told: told(made), unresolved: made.unresolved }).toEqual({ told: [], unresolved: [] });
  });
});

describe('a name that the directory changed', () => {
  const wanted = [team, membership('Team', 'bruno@x.example'), membership('Team', 'bob')];
  const found = [team, membership('Team', 'bruno.rossi@x.example'), membership('Team', 'bob')];

  it('takes nobody out of a group in which a declared member cannot be found, and says who she may be', () => {
    const made = planned({ wanted, found, users: ['bruno.rossi@x.example', 'bob'] });
    expect(made.changes).toEqual([]);
    expect(told(made)).toEqual([
      expect.stringMatching(/^held membership\/Team:bruno\.rossi%40x\.example: "bruno@x\.example", a declared member/),
    ]);
    expect(made.unresolved).toMatchObject([
      {
        message: expect.stringMatching(
          /left out: membership\/Team:bruno@x\.example\. Did you mean "bruno\.rossi@x\.example"\?$/,
        ) as string,
      },
    ]);
  });

  it('finds her again by the address that was her name, and only where she is a member already', () => {
    const emails = [['bruno@x.example', 'bruno.rossi@x.example']] as const;
    const users = ['bruno.rossi@x.example', 'bob'];
    const more = [...wanted, group('Other'), membership('Other', 'bruno@x.example')];
    const made = planned({ wanted: more, found: [...found, group('Other')], users, emails });
    expect(told(made)).toEqual([]);
    expect(made.unresolved).toMatchObject([
      {
        leftOut: ['membership/Other:bruno%40x.example'],
        message: expect.stringContaining('is that the name now?') as string,
      },
    ]);
  });

  it('lets go in that group what an approved date has ended', () => {
    const ended = [{ key: 'membership/Team:bob', until: '2026-11-01', place: { file: 'x', line: 1, column: 1 } }];
    const made = planned({
      wanted: [team, membership('Team', 'bruno@x.example')],
      found: [team, membership('Team', 'bob')],
      users: ['bob'],
      parts: { ended },
    });
    expect(told(made)).toEqual(['delete membership/Team:bob']);
  });
});

describe('what AWS does not have yet', () => {
  it('is told in the one sentence that is read', () => {
    const wanted = [externalGroup('Corp'), reader, assignment('group:Corp', 'Reader', 'Dev')];
    const made = planned({ wanted, found: [owned(reader)], users: [] });
    expect(summarySentence(made, 'plan')).toBe(
      'Nothing can be done now: 1 group is not in AWS yet, so 1 assignment is left out.',
    );
  });
});
