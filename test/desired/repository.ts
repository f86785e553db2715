/** Small repositories in memory, and what is said about them. */
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Files } from '../../src/desired/load.ts';
import { resolve, validate } from '../support/understood.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Problem } from '../../src/model/problem.ts';

export const context = { catalogue: loadCatalogue(), now: '2026-11-23T12:00:00Z' };

const organization = `management: { name: Management, id: "111111111111" }
ous:
  Workloads:
    ous:
      Production:
        accounts:
          Prod: { id: "222222222222", tags: { env: prod } }
      NonProduction:
        accounts:
          Dev: { id: "033333333333", tags: { env: nonprod } }
          Staging: { id: "444444444444", tags: { env: nonprod } }
  Sandbox:
    accounts:
      Play: "555555555555"
`;
const settings = `organization: o-exampleorgid
region: eu-west-1
owner: example/aws-access
`;

export const base = {
  'access/organization.yaml': organization,
  'access/settings.yaml': settings,
  'permission-sets/read.yaml': 'permissionSet: Read\nmanagedPolicies: [ReadOnlyAccess]\n',
  'permission-sets/write.yaml': 'permissionSet: Write\nmanagedPolicies: [PowerUserAccess]\n',
  'access/groups/team.yaml':
    'group: Team\nassignments:\n  - { permissionSet: Read, ous: [Root] }\n  - { permissionSet: Write, accounts: [Dev] }\n',
  'scps/deny.yaml':
    'scp: Deny\npolicy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*" }] }\n',
  'scps/bindings.yaml': 'ous: { Root: [Deny] }\n',
} as const;

/** The base with some files replaced, added, or (when undefined) left out. */
export const repository = (changes: Readonly<Record<string, string | undefined>> = {}): Files => {
  const all: Readonly<Record<string, string | undefined>> = { ...base, ...changes };
  const files = Object.entries(all).flatMap(([path, text]) => (text === undefined ? [] : [{ path, text }]));
  return { root: '/nowhere', files, problems: [] };
};

export const lineOf = ({ file, line, column, rule, message, hint }: Problem): string =>
  `${file}:${line}:${column} ${rule} ${message}${hint === undefined ? '' : `. ${hint}`}`;

export const said = (changes: Readonly<Record<string, string | undefined>>): readonly string[] =>
  validate(repository(changes), context).map(lineOf);

export const rulesOf = (changes: Readonly<Record<string, string | undefined>>): readonly string[] =>
  validate(repository(changes), context).map(({ rule }) => rule);

export const desiredOf = (changes: Readonly<Record<string, string | undefined>> = {}, now = context.now): Desired =>
  resolve(repository(changes), { ...context, now });
