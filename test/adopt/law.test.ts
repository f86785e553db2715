import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adoptedFiles } from '../../src/import/adopt/files.ts';
import type { Files } from '../../src/desired/load.ts';
import { statements } from '../../src/model/policy.ts';
import { UserError } from '../../src/model/problem.ts';
import type { CustomerPolicy, Key, Resource, Role, State } from '../../src/model/resource.ts';
import { isOfIam, keyOf } from '../../src/model/resource.ts';
import { allow, document, live, oidcProvider, role } from '../support/build.ts';
import { linesOf } from '../support/imported.ts';
import { context, repository } from '../desired/repository.ts';
import { stateIn } from './adopting.ts';
import type { Texts } from './adopting.ts';

const targets = [
  'accounts: [Dev]',
  'accounts: [Dev, Prod]',
  'ous: [Workloads]',
  'ous: [Root]\nexcept: [Play]',
] as const;
const trusts = [
  '  - { service: ec2.amazonaws.com } # machines',
  '  - { account: Management, role: CI } # the pipeline',
  '  - { permissionSet: Read } # people',
  '  - { github: { repository: shop/web, ref: refs/heads/main } } # workflows',
] as const;

type Drawn = {
  readonly target: string;
  readonly trust: readonly string[];
  readonly session: number;
  readonly tags: boolean;
};
const drawn = fc.record({
  target: fc.constantFrom(...targets),
  trust: fc.subarray([...trusts], { minLength: 1 }),
  session: fc.constantFrom(1, 2),
  tags: fc.boolean(),
});

const roleFile = (name: string, { target, trust, session, tags }: Drawn): string =>
  [
    `# ${name}`,
    `role: ${name} # its name`,
    ...target.split('\n').map((line) => `${line} # where`),
    'trust:',
    ...trust,
    'managedPolicies: [ReadOnlyAccess] # looks',
    'inlinePolicies:',
    '  one: # its own',
    '    Version: "2012-10-17"',
    '    Statement:',
    '      - { Effect: Allow, Action: \'s3:GetObject\', Resource: "*" } # reads',
    `maxSessionDuration: ${session}h # long enough`,
    ...(tags ? ['tags: { team: web } # whose'] : []),
    '# the end',
    '',
  ].join('\n');

const policyFile = ({ target, tags }: Drawn): string =>
  [
    '# Reader',
    'policy: Reader # its name',
    ...target.split('\n').map((line) => `${line} # where`),
    'document: # what it allows',
    '  Version: "2012-10-17"',
    '  Statement: [{ Effect: Allow, Action: \'s3:GetObject\', Resource: "*" }] # reads',
    ...(tags ? ['tags: { team: web } # whose'] : []),
    '',
  ].join('\n');

const files: fc.Arbitrary<Texts> = fc
  .record({
    one: drawn,
    other: drawn,
    policy: drawn,
    renamed: fc.boolean(),
    provider: fc.constantFrom('manage', 'require'),
  })
  .map(({ one, other, policy, renamed, provider }) => ({
    'access/settings.yaml': `organization: o-securecart0\nregion: eu-west-1\nowner: securecart/aws-access\noidcProviders: ${provider}\n`,
    'access/roles/one.yaml': roleFile('One', one),
    'access/roles/other.yaml': roleFile('Other', other),
    'access/policies/reader.yaml': policyFile(policy),
    ...(renamed
      ? {
          'scps/deny.yaml':
            'scp: Deny # now\npreviously: [Rail] # before\npolicy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*" }] }\n',
          'access/groups/team.yaml':
            'group: Team # now\npreviously: [Crew] # before\nmembers: [ada]\nassignments:\n  - { permissionSet: Read, ous: [Root] }\n',
        }
      : {}),
  }));

/** What somebody does to one thing, and the lines that may change for it. */
type Meddling = {
  readonly name: string;
  readonly lines: RegExp;
  readonly change: (resource: Role | CustomerPolicy) => Resource | undefined;
};
const lambda = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' } as const;
const asRole =
  (change: (one: Role) => Role) =>
  (one: Role | CustomerPolicy): Resource =>
    one.kind === 'role' ? change(one) : one;
const where = /^(accounts|ous|except):/;
const meddlings: readonly Meddling[] = [
  { name: 'gone', lines: where, change: () => undefined },
  { name: 'session', lines: /^maxSessionDuration:/, change: asRole((one) => ({ ...one, maxSessionDuration: 10_800 })) },
  {
    name: 'trust',
    lines: /^(trust:|  - )/,
    change: asRole((one) => ({
      ...one,
      trust: { Version: '2012-10-17', Statement: [...statements(one.trust).slice(1), lambda] },
    })),
  },
  { name: 'tags', lines: /^tags:/, change: (one) => ({ ...one, tags: { team: 'ops', 'cost-center': '7' } }) },
  { name: 'attached', lines: /^managedPolicies:/, change: asRole((one) => ({ ...one, managedPolicies: [] })) },
  {
    name: 'inline',
    lines: /^(inlinePolicies:|  \S+:|    |document:|  Statement:)/,
    change: (one) =>
      one.kind === 'role'
        ? { ...one, inlinePolicies: { ...one.inlinePolicies, more: document(allow('sqs:SendMessage')) } }
        : { ...one, document: document(allow('s3:GetObject', 's3:ListBucket')) },
  },
];

const renamedBack: readonly (readonly [Key, string])[] = [
  ['scp/Deny', 'Rail'],
  ['group/Team', 'Crew'],
];

const owned = (resource: Resource): Resource =>
  isOfIam(resource) ? { ...resource, owner: 'securecart/aws-access' } : resource;

const oldName = (state: State, texts: Texts): State => {
  if (texts['scps/deny.yaml'] === undefined) return state;
  const before = JSON.stringify(Object.values(state))
    .replaceAll('"Deny"', '"Rail"')
    .replaceAll('"Team"', '"Crew"')
    .replaceAll('"Effect":"Rail"', '"Effect":"Deny"');
  return Object.fromEntries((JSON.parse(before) as readonly Resource[]).map((one) => [keyOf(one), one]));
};

type Case = {
  readonly texts: Texts;
  readonly picks: readonly (readonly [number, number])[];
  readonly extra: boolean;
  readonly pick: number;
};
const cases: fc.Arbitrary<Case> = fc.record({
  texts: files,
  picks: fc.array(fc.tuple(fc.nat(), fc.nat(meddlings.length - 1)), { minLength: 1, maxLength: 4 }),
  extra: fc.boolean(),
  pick: fc.nat(),
});

type Done = { readonly state: State; readonly by: ReadonlyMap<Key, Meddling> };

const meddled = ({ texts, picks, extra }: Case, said: State): Done => {
  const keys = Object.keys(said).filter((key) => /^(role|policy)\//.test(key));
  const by = new Map(picks.map(([at, what]) => [keys[at % keys.length] ?? '', meddlings[what] as Meddling]));
  const entries = Object.entries(said).flatMap(([key, resource]) => {
    const after = by.get(key)?.change(resource as Role);
    if (by.has(key) && after === undefined) return [];
    return [[key, owned(after ?? resource)] as const];
  });
  const more = extra
    ? [role('Hand', 'Play', { tags: { by: 'hand' } }), oidcProvider('token.example.com', 'Play', 'x')]
    : [];
  const state = { ...Object.fromEntries(entries), ...Object.fromEntries(more.map((one) => [keyOf(one), one])) };
  return { state: oldName(state, texts), by };
};

const withAdopted = (before: Files, changes: ReturnType<typeof adoptedFiles>['files']): Files => {
  const texts = new Map(before.files.map(({ path, text }) => [path, text]));
  for (const { path, text } of changes)
    if (text === undefined) texts.delete(path);
    else texts.set(path, text);
  return { ...before, files: [...texts].map(([path, text]) => ({ path, text })) };
};

const tried = (input: Parameters<typeof adoptedFiles>[0]): ReturnType<typeof adoptedFiles> | string => {
  try {
    return adoptedFiles(input);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
};

const keyIn = (line: string): Key => line.slice(line.indexOf(' ') + 1);

describe('adopt, of roles, policies, providers and names', () => {
  it('makes exactly the lines of what it takes disappear from the plan, and touches no other line of a file', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(cases, (drawnCase) => {
        const { texts, pick } = drawnCase;
        const before = repository(texts);
        const { state, by } = meddled(drawnCase, stateIn(texts));
        const now = live([], { state });
        const lines = linesOf(before, now);
        const keys = [
          ...lines.map(keyIn),
          ...renamedBack.flatMap(([key]) => (texts['scps/deny.yaml'] === undefined ? [] : [key])),
        ];
        const key = keys[pick % Math.max(1, keys.length)];
        if (key === undefined) return;
        const made = tried({ files: before, keys: [key], live: state, now: context.now, fold: 'no-fold' });
        const name = by.get(key)?.name ?? key.slice(0, key.indexOf('/'));
        const word = typeof made === 'string' ? `refused ${name}` : name;
        seen.set(word, (seen.get(word) ?? 0) + 1);
        if (typeof made === 'string') {
          expect(made).toMatch(/cannot be adopted/);
          return;
        }
        const taken = new Set(made.keys);
        expect(linesOf(withAdopted(before, made.files), now)).toEqual(lines.filter((line) => !taken.has(keyIn(line))));
        const allowed = made.keys.flatMap((one) => by.get(one)?.lines ?? []);
        if (allowed.length === 0) return;
        for (const { path, text } of made.files) {
          const old = before.files.find((file) => file.path === path)?.text;
          if (old === undefined || text === undefined) continue;
          const kept = new Set(text.split('\n'));
          for (const line of old.split('\n').filter((one) => !kept.has(one)))
            expect(
              [...allowed, where].some((pattern) => pattern.test(line)),
              `${name}: ${line}`,
            ).toBe(true);
        }
      }),
      { numRuns: 100, endOnFailure: true },
    );
    for (const { name } of meddlings)
      expect(seen.get(name), `${name} of ${JSON.stringify([...seen])}`).toBeGreaterThan(0);
    for (const kind of ['scp', 'group', 'role']) expect(seen.get(kind), kind).toBeGreaterThan(0);
  });
});
