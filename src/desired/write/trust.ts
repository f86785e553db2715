/** A trust policy in the words of the files: as many entries as it has ways in, or none where one has no words. */
import { canonicalTrust, trustAtoms } from '../../model/policy.ts';
import type { PolicyDocument, TrustAtom } from '../../model/policy.ts';
import type { AccountId } from '../../model/resource.ts';
import type { WrittenTrust, WrittenWaysIn } from '../../model/written.ts';
import { GITHUB_AUDIENCE, GITHUB_HOST, trustDocument } from '../trust.ts';
import { accountNamed } from './policies.ts';
import type { AccountNames } from './policies.ts';

/** The account that has the role, and every declared account. */
export type WritingScene = { readonly accountId: AccountId; readonly names: AccountNames };

/** `OPERATOR KEY` -> the one value that is allowed; nothing where a condition has many. */
type Tests = ReadonlyMap<string, string>;

const testsOf = ({ conditions }: TrustAtom): Tests | undefined => {
  const lines = conditions.map((line) => JSON.parse(line) as readonly [string, string, readonly string[]]);
  if (lines.some(([, , values]) => values.length !== 1)) return undefined;
  return new Map(lines.map(([operator, key, values]) => [`${operator} ${key}`, values[0] ?? '']));
};

const beside = (tests: Tests): WrittenTrust => {
  const externalId = tests.get('StringEquals sts:externalid');
  return {
    ...(externalId === undefined ? {} : { externalId }),
    ...(tests.get('Bool aws:multifactorauthpresent') === 'true' ? { mfa: true } : {}),
  };
};

const reservedSet = /^arn:aws:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\*\/AWSReservedSSO_(.+)_\?{16}$/;

/** An account as a whole, or the holders of one of its permission sets. */
const ofAccount = (id: AccountId, tests: Tests, { accountId, names }: WritingScene): WrittenTrust | undefined => {
  const name = names.get(id);
  const permissionSet = reservedSet.exec(tests.get('ArnLike aws:principalarn') ?? '')?.[1];
  if (permissionSet !== undefined && name !== undefined)
    return { ...(id === accountId ? {} : { account: name }), permissionSet };
  return { ...(name === undefined ? { accountId: id } : { account: name }), ...beside(tests) };
};

const ofArn = (arn: string, tests: Tests, { accountId, names }: WritingScene): WrittenTrust | undefined => {
  const [, id = '', type, path = ''] = /^arn:aws:iam::(\d{12}):(role|user)\/(.+)$/.exec(arn) ?? [];
  if (type === 'user') return { user: path, ...beside(tests) };
  const account = names.get(id);
  if (type !== 'role' || account === undefined) return undefined;
  return { ...(id === accountId ? {} : { account }), role: path, ...beside(tests) };
};

const ofService = (service: string, tests: Tests, { names }: WritingScene): WrittenTrust => {
  const sourceAccount = names.get(tests.get('StringEquals aws:sourceaccount') ?? '');
  const sourceArn = tests.get('ArnLike aws:sourcearn');
  return {
    service,
    ...(sourceAccount === undefined ? {} : { sourceAccount }),
    ...(sourceArn === undefined ? {} : { sourceArn: accountNamed(sourceArn, names) }),
  };
};

const subject = /^repo:([^/@:]+)(?:@(\d+))?\/([^@:]+)(?:@(\d+))?:(ref|environment):(.+)$/;

const ofGitHub = (tests: Tests): WrittenTrust | undefined => {
  const [, owner, ownerId, name, repositoryId, type, where = ''] =
    subject.exec(tests.get(`StringEquals ${GITHUB_HOST}:sub`) ?? '') ?? [];
  if (owner === undefined || name === undefined) return undefined;
  const ref = type === 'ref' ? where : tests.get(`StringEquals ${GITHUB_HOST}:ref`);
  return {
    github: {
      repository: `${owner}/${name}`,
      ...(ref === undefined ? {} : { ref }),
      ...(type === 'environment' ? { environment: where.replaceAll('%3A', ':') } : {}),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(repositoryId === undefined ? {} : { repositoryId }),
    },
  };
};

/** A guess; whether the entry says all of it, is judged on the whole document. */
const entryOf = (atom: TrustAtom, scene: WritingScene): WrittenTrust | undefined => {
  const tests = testsOf(atom);
  if (tests === undefined || atom.effect !== 'Allow') return undefined;
  const [, type, name = ''] = /^(\S+) (.*)$/.exec(atom.who) ?? [];
  if (type === 'Service') return ofService(name, tests, scene);
  if (type === 'Federated')
    return tests.get(`StringEquals ${GITHUB_HOST}:aud`) === GITHUB_AUDIENCE ? ofGitHub(tests) : undefined;
  if (type !== 'AWS') return undefined;
  return /^\d{12}$/.test(name) ? ofAccount(name, tests, scene) : ofArn(name, tests, scene);
};

/** Entries that compile to a trust policy that lets exactly the same in; nothing where there are none. */
const trustEntries = (trust: PolicyDocument, scene: WritingScene): readonly WrittenTrust[] | undefined => {
  const entries = trustAtoms(trust).map((atom) => entryOf(atom, scene));
  const known = entries.filter((entry) => entry !== undefined);
  if (known.length < entries.length || known.length === 0) return undefined;
  const distinct = [...new Map(known.map((entry) => [JSON.stringify(entry), entry])).values()];
  const ids = new Map([...scene.names].map(([id, name]) => [name, id]));
  const plain = distinct.map(({ sourceArn, ...entry }) => ({
    ...entry,
    ...(sourceArn === undefined
      ? {}
      : { sourceArn: sourceArn.replace(/\$\{account:([^}]+)\}/, (whole, name: string) => ids.get(name) ?? whole) }),
  }));
  const again = trustDocument(plain, { accountId: scene.accountId, idOf: (name) => ids.get(name) });
  return canonicalTrust(again) === canonicalTrust(trust) ? distinct : undefined;
};

/** In words where these let in exactly the same; else as it is. */
export const waysInSaid = (trust: PolicyDocument, scene: WritingScene): WrittenWaysIn => {
  const words = trustEntries(trust, scene);
  return words === undefined ? { document: trust } : { words };
};
