/** What people change in files, of every kind; nothing of it needs to make sense. */
import type { Texts } from './merge-text.ts';
import {
  dayFrom,
  pathsIn,
  valueOf,
  listOf,
  inOne,
  inFile,
  namesIn,
  placesOf,
  accountsOf,
  ousOf,
  assignment,
  member,
  redated,
  statement,
  redocumented,
  renamed,
} from './desk.ts';
import type { Desk, Edited, Edit, Value } from './desk.ts';
import { bucketDocument, bucketFile } from './buckets.ts';
import { MANAGEMENT, accountIds, document, sparing, sparingGlass, staff, yaml } from './organization.ts';

const groupFile = (desk: Desk): Edited => {
  const { chance } = desk;
  const name = chance.of('Auditors', 'Oncall', 'ByHand', 'Contractors');
  return {
    [`access/groups/${name.toLowerCase()}.yaml`]: yaml({
      group: name,
      description: `The group ${name}`,
      source: 'identity-center',
      ...(chance.percent(85) ? { members: [member(desk)] } : {}),
      ...(chance.percent(15) ? { previously: [chance.of('ByHand', 'Support', 'Developers')] } : {}),
      assignments: [assignment(desk)],
    }),
  };
};

const groupEdits: readonly Edit[] = [
  inOne('access/groups', (value, desk) => {
    value['members'] = [...listOf(value, 'members'), member(desk)];
  }),
  inOne('access/groups', (value, { chance }) => {
    const people = listOf(value, 'members');
    people.splice(chance.below(Math.max(1, people.length)), 1);
    value['members'] = people;
  }),
  inOne('access/groups', (value, desk) => {
    const people = listOf(value, 'members');
    redated(people, desk);
    if (people.length > 0) value['members'] = people;
  }),
  inOne('access/groups', (value) => {
    delete value['members'];
  }),
  inOne('access/groups', (value, desk) => {
    value['assignments'] = [...listOf(value, 'assignments'), assignment(desk)];
  }),
  inOne('access/groups', (value, { chance }) => {
    const given = listOf(value, 'assignments');
    given.splice(chance.below(Math.max(1, given.length)), 1);
    value['assignments'] = given;
  }),
  inOne('access/groups', (value, desk) => redated(listOf(value, 'assignments'), desk)),
  inOne('access/groups', renamed('group')),
  inOne('access/groups', (value, { chance }) => {
    value['source'] = 'external';
    delete value['members'];
    value['group'] = chance.of(String(value['group']), 'Directory-Finance');
  }),
  inOne('access/groups', (value) => {
    value['state'] = 'absent';
    delete value['members'];
    delete value['assignments'];
  }),
  groupFile,
  groupFile,
];

const setEdits: readonly Edit[] = [
  inOne('permission-sets', (value, { chance }) => {
    const arn = chance.of(
      'AdministratorAccess',
      'PowerUserAccess',
      'IAMReadOnlyAccess',
      'IAMFullAccess',
      'AmazonEC2FullAccess',
    );
    value['managedPolicies'] = [...new Set([...listOf(value, 'managedPolicies'), arn])];
  }),
  inOne('permission-sets', (value, { chance }) => {
    const all = listOf(value, 'managedPolicies');
    if (all.length < 2) value['managedPolicies'] = ['IAMReadOnlyAccess'];
    else all.splice(chance.below(all.length), 1);
  }),
  inOne('permission-sets', (value, { chance }) => {
    value['inlinePolicy'] = redocumented(value['inlinePolicy'], chance);
  }),
  inOne('permission-sets', (value, { chance }) => {
    value['sessionDuration'] = chance.of('1h', '2h', '12h');
  }),
  inOne('permission-sets', renamed('permissionSet')),
  ({ chance }) => {
    const name = chance.of('Fresh', 'HandMade', 'Audit');
    return {
      [`permission-sets/${name.toLowerCase()}.yaml`]: yaml({
        permissionSet: name,
        description: `The set ${name}`,
        managedPolicies: [chance.of('AdministratorAccess', 'IAMReadOnlyAccess', 'PowerUserAccess')],
        ...(chance.percent(30) ? { inlinePolicy: document(statement(chance) as never) } : {}),
      }),
    };
  },
];

const bound = (value: Value, { files, chance }: Desk): void => {
  const where = chance.percent(60) ? 'ous' : 'accounts';
  const places = (value[where] ?? {}) as Record<string, unknown>;
  const at = chance.one(where === 'ous' ? ousOf(files) : accountsOf(files)) ?? 'Root';
  const name = chance.one(namesIn(files, 'scps', 'scp')) ?? '';
  const there = Array.isArray(places[at]) ? (places[at] as unknown[]) : [];
  const next = there.includes(name) ? there.filter((one) => one !== name) : [...there, name];
  value[where] = { ...places, [at]: next };
};

const railEdits: readonly Edit[] = [
  inFile('scps/bindings.yaml', bound),
  inFile('scps/bindings.yaml', bound),
  inOne('scps', (value, { chance }) => {
    value['policy'] = redocumented(value['policy'], chance);
  }),
  inOne('scps', (value, { chance }) => {
    const first = sparing([chance.of('s3:*', 'ec2:*', 'iam:*'), chance.of('lambda:*', 'dynamodb:*', 'sqs:*')]);
    value['policy'] = document(first);
  }),
  inOne('scps', renamed('scp')),
  ({ chance }) => {
    const name = chance.of('Rail', 'Fence');
    const first = sparing([chance.of('s3:*', 'ec2:*', 'iam:*')]);
    const policy = { scp: name, description: `The guard rail ${name}`, policy: document(first) };
    return { [`scps/${name.toLowerCase()}.yaml`]: yaml(policy) };
  },
];

const moved = (value: Value, { chance }: Desk): void => {
  const places = placesOf(value);
  const from = chance.one(places.filter(({ accounts }) => Object.keys(accounts).length > 0));
  const to = chance.one(places.filter((one) => one !== from));
  const name = chance.one(Object.keys(from?.accounts ?? {}));
  if (from === undefined || to === undefined || name === undefined) return;
  to.accounts[name] = from.accounts[name];
  delete from.accounts[name];
};

const relabeled = (value: Value, { chance }: Desk): void => {
  const place = chance.one(placesOf(value).filter(({ accounts }) => Object.keys(accounts).length > 0));
  const name = chance.one(Object.keys(place?.accounts ?? {}));
  if (place === undefined || name === undefined) return;
  const account = place.accounts[name] as Value;
  if (chance.percent(65)) account['tags'] = chance.of<Value>({ env: 'prod' }, { env: 'nonprod' }, {});
  else {
    place.accounts[`${name}-v${chance.below(9)}`] = account;
    delete place.accounts[name];
  }
};

const newUnit = (value: Value, { chance }: Desk): void => {
  const ous = (value['ous'] ?? {}) as Record<string, Value>;
  const old = chance.one(Object.keys(ous));
  if (old === undefined || chance.percent(50)) ous[chance.of('Lab', 'Edge')] ??= { accounts: {} };
  else {
    ous[`${old.replace(/-v\d$/, '')}-v${chance.below(9)}`] = { ...ous[old], previously: [old] };
    delete ous[old];
  }
  value['ous'] = ous;
};

const organizationEdits: readonly Edit[] = [moved, moved, relabeled, newUnit].map((change) =>
  inFile('access/organization.yaml', change),
);

const rulesChanged = (value: Value, { files, chance }: Desk): void => {
  const rules = [...listOf(value, 'approvals')] as Value[];
  const at = chance.below(Math.max(1, rules.length));
  const rule = rules[at];
  if (rule === undefined || chance.percent(20))
    rules.push({
      when: chance.of<Value>(
        { risk: chance.of('low', 'medium', 'high') },
        { account: chance.one(accountsOf(files)) },
        { ou: chance.one(ousOf(files)) },
        { path: chance.of('access/groups/**', 'permission-sets/**', 'README.md') },
      ),
      users: [chance.of('ada', 'grace', 'linus')],
    });
  else if (chance.percent(35)) rules.splice(at, 1);
  else if (chance.percent(50))
    rules[at] = { ...rule, users: [...listOf(rule, 'users'), chance.of('mallory', 'linus')] };
  else rules[at] = { ...rule, count: 1 };
  value['approvals'] = rules;
};

const settingsEdits: readonly Edit[] = [
  rulesChanged,
  rulesChanged,
  rulesChanged,
  (value: Value, { chance }: Desk): void => {
    value['ownership'] = { assignments: chance.of('exclusive', 'managed') };
  },
  (value: Value, { chance }: Desk): void => {
    value['ignore'] = chance.of<readonly string[]>([], ['by-hand-*'], ['HandMade'], ['assignment/*:HandMade@*']);
  },
  (value: Value, { chance }: Desk): void => {
    value['adopt'] = chance.of<readonly string[]>([], ['permission-set/HandMade'], ['permission-set/by-hand-1']);
  },
  (value: Value, { chance, today }: Desk): void => {
    const guard = chance.of('delete-budget', 'empty-desired', 'exposure');
    value['exceptions'] = [{ guard, until: dayFrom(today, 20), reason: 'SHOP-4' }];
  },
].map((change) => inFile('access/settings.yaml', change));

const roleEdits: readonly Edit[] = [
  inOne('access/roles', (value, { chance }) => {
    value['trust'] = [
      ...listOf(value, 'trust'),
      chance.of<Value>(
        { service: 'lambda.amazonaws.com' },
        { permissionSet: 'Developer' },
        { github: { repository: 'else/where', ref: 'refs/heads/main' } },
        { accountId: '999999999999', externalId: 'shop' },
      ),
    ];
  }),
  inOne('access/roles', (value, { chance }) => {
    value['managedPolicies'] = [chance.of('AdministratorAccess', 'IAMReadOnlyAccess')];
  }),
  inOne('access/roles', (value, { chance, files }) => {
    value['accounts'] = [chance.one(accountsOf(files).filter((name) => name !== MANAGEMENT))];
  }),
  inOne('access/roles', (value, { chance, today }) => {
    if (value['until'] !== undefined && chance.percent(50)) delete value['until'];
    else value['until'] = dayFrom(today, chance.below(30));
  }),
];

/** The policies of buckets, and the RCP that shuts out whoever is not of the organization. */
const ofBucket =
  (said: (id: string, desk: Desk) => Value): Edit =>
  (desk) => {
    const { files, chance } = desk;
    // Nobody else enters the accounts of these organizations.
    if (valueOf(files, 'access/settings.yaml')['memberRole'] === undefined) return undefined;
    const name = chance.one(accountsOf(files).filter((one) => accountIds[one] !== undefined));
    const id = accountIds[name ?? ''];
    return name === undefined || id === undefined ? undefined : bucketFile(name, id, said(id, desk));
  };

const perimeterBound: Edit = (desk) =>
  desk.files['scps/rcp-perimeter.yaml'] === undefined
    ? undefined
    : inFile('scps/bindings.yaml', (value, { files, chance }) => {
        const ous = (value['ous'] ?? {}) as Record<string, unknown>;
        const at = chance.one(ousOf(files)) ?? 'Root';
        const there = Array.isArray(ous[at]) ? (ous[at] as unknown[]) : [];
        const next = there.filter((one) => one !== 'Perimeter');
        value['ous'] = { ...ous, [at]: next.length < there.length ? next : [...there, 'Perimeter'] };
      })(desk);

const written = ofBucket((id, { chance }) => ({ policy: bucketDocument(id, chance) }));

const resourceEdits: readonly Edit[] = [
  written,
  written,
  ofBucket(() => ({ state: 'absent' })),
  ({ files, chance }) => {
    const path = chance.one(pathsIn(files, 'access/resources'));
    return path === undefined ? undefined : { [path]: null };
  },
  perimeterBound,
  perimeterBound,
];

/** Two at once: a bucket is opened, or closed, together with the RCP above it. */
const bucketAndRcp: Edit = (desk) => {
  const [bucket, rails] = [written(desk), perimeterBound(desk)];
  return bucket === undefined || rails === undefined ? undefined : { ...bucket, ...rails };
};

/** Whole files go. */
const removal: Edit = ({ files, chance }) => {
  const path = chance.one(
    ['access/groups', 'permission-sets', 'scps', 'access/tests'].flatMap((one) => pathsIn(files, one)),
  );
  return path === undefined ? undefined : { [path]: null };
};

const otherFiles: Edit = ({ chance, files }) => {
  const some = chance.of('README.md', 'README.md', '.github/workflows/apply.yml', 'package.json', 'access/notes.md');
  // Whoever has committed this waits for somebody to take it away again.
  const path = chance.percent(4) ? 'dist/cli.js' : some;
  return { [path]: `${files[path] ?? ''}line ${chance.below(1000)}\n` };
};

const kinds: Readonly<Record<string, readonly [weight: number, edits: readonly Edit[]]>> = {
  groups: [36, groupEdits],
  sets: [16, setEdits],
  rails: [12, railEdits],
  organization: [9, organizationEdits],
  settings: [8, settingsEdits],
  roles: [4, roleEdits],
  resources: [10, [...resourceEdits, bucketAndRcp, bucketAndRcp]],
  removal: [3, [removal]],
  other: [2, [otherFiles]],
};

const isProduction = (value: unknown): value is Value => JSON.stringify(value).includes('"env":"prod"');

const joined = (value: Value, { chance }: Desk): void => {
  value['members'] = [...listOf(value, 'members'), chance.one(staff)];
};

/** Edits that plots are made of. */
const particular = {
  join: inOne('access/groups', joined),
  joinSupport: inFile('access/groups/support.yaml', joined),
  takeByHand: (desk: Desk): Edited => {
    const { chance } = desk;
    const former = chance.percent(40) ? { previously: ['ByHand'] } : {};
    const name = 'previously' in former ? 'Fresh' : 'ByHand';
    const group = { group: name, description: 'Ours', source: 'identity-center', ...former };
    const members = chance.percent(70) ? { members: [chance.one(staff)] } : {};
    return { 'access/groups/taken.yaml': yaml({ ...group, ...members, assignments: [assignment(desk)] }) };
  },
  giveForSomeDays: inOne('access/groups', (value, desk) => {
    const { chance, today } = desk;
    const until = dayFrom(today, 2 + chance.below(20));
    if (chance.percent(50))
      value['members'] = [...listOf(value, 'members'), { user: chance.one(staff), until, reason: 'SHOP-5' }];
    else value['assignments'] = [...listOf(value, 'assignments'), { ...assignment(desk), until, reason: 'SHOP-5' }];
  }),
  moveAnEnd: ({ files, ...desk }: Desk): Edited => {
    const dated = pathsIn(files, 'access/groups').filter((path) => files[path]?.includes('until:'));
    const path = desk.chance.one(dated);
    if (path === undefined) return undefined;
    const value = valueOf(files, path);
    for (const name of ['members', 'assignments']) {
      const entries = listOf(value, name);
      if (JSON.stringify(entries).includes('until')) redated(entries, { files, ...desk });
    }
    return { [path]: yaml(value) };
  },
  weaken: inFile('access/settings.yaml', rulesChanged),
  letAnybodyApprove: inFile('access/settings.yaml', (value) => {
    value['approvals'] = [{ when: { risk: 'critical' }, count: 1 }];
  }),
  shutOut: (desk) => {
    const { files, chance } = desk;
    const value = valueOf(files, 'scps/bindings.yaml');
    const ous = (value['ous'] ?? {}) as Record<string, unknown>;
    const at = chance.of('Root', 'Prod', 'NonProd');
    const there = Array.isArray(ous[at]) ? (ous[at] as unknown[]) : [];
    const shut = { scp: 'Shut', description: 'Nobody but break-glass', policy: document(sparingGlass(['iam:*'])) };
    return {
      'scps/shut.yaml': yaml(shut),
      'scps/bindings.yaml': yaml({ ...value, ous: { ...ous, [at]: [...there, 'Shut'] } }),
    };
  },
  untag: inFile('access/organization.yaml', (value, { chance }) => {
    const place = chance.one(placesOf(value).filter(({ accounts }) => Object.values(accounts).some(isProduction)));
    const name = chance.one(Object.keys(place?.accounts ?? {}));
    if (place !== undefined && name !== undefined) (place.accounts[name] as Value)['tags'] = { env: 'nonprod' };
  }),
  moveAccount: inFile('access/organization.yaml', moved),
  bucketAndRcp,
} satisfies Readonly<Record<string, Edit>>;

export type Particular = keyof typeof particular;

/** Nothing where there is nothing to do it to. */
export const thisEdit = (name: Particular, desk: Desk): NamedEdit | undefined => {
  const edited = particular[name](desk);
  return edited === undefined ? undefined : { kind: name, edited };
};

export type NamedEdit = { readonly kind: string; readonly edited: NonNullable<Edited> };

/** One edit of a kind that there is something to do to. */
export const anyEdit = (desk: Desk): NamedEdit => {
  for (;;) {
    let left = desk.chance.below(100);
    for (const [kind, [weight, edits]] of Object.entries(kinds)) {
      left -= weight;
      if (left >= 0) continue;
      const edited = desk.chance.one(edits)?.(desk);
      if (edited !== undefined) return { kind, edited };
      break;
    }
  }
};

export const withEdit = (files: Texts, edited: NonNullable<Edited>): Texts =>
  Object.fromEntries(
    Object.entries({ ...files, ...edited }).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])),
  );
