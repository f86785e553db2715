/** A trust policy in the words of the files: as many entries as it has ways in, or the document where one has no words. */
import { canonicalTrust, statements, trustAtoms, webIdentityProviders, listOf } from '../../model/policy.ts';
import type { OneOrMany, PolicyDocument, TrustAtom } from '../../model/policy.ts';
import type { AccountId } from '../../model/resource.ts';
import type { TextsByName, WrittenTrust, WrittenWaysIn } from '../../model/written.ts';
import { GITHUB_AUDIENCE, GITHUB_HOST, trustDocument } from '../../desired/trust/trust.ts';
import { accountNamed } from './policies.ts';
import type { AccountNames } from './policies.ts';

/** The account that has the role, and every declared account. */
export type WritingScene = { readonly accountId: AccountId; readonly names: AccountNames };

/** `OPERATOR KEY` -> the values that are allowed, the key in lower case. */
type Tests = ReadonlyMap<string, readonly string[]>;
/** Everything that somebody is let do on the same conditions. */
type TrustWay = {
  readonly atoms: readonly TrustAtom[];
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly tests: Tests;
};
type TrustSpelling = WritingScene & {
  /** How the document writes a key that is in lower case. */
  readonly spelled: (key: string) => string;
};

const linesOf = ({ conditions }: TrustAtom): readonly (readonly [string, string, readonly string[]])[] =>
  conditions.map((line) => JSON.parse(line) as readonly [string, string, readonly string[]]);

const waysOf = (trust: PolicyDocument): readonly TrustWay[] => {
  const groups = new Map<string, TrustAtom[]>();
  for (const atom of trustAtoms(trust)) {
    const identity = JSON.stringify([atom.effect, atom.who, atom.conditions]);
    groups.set(identity, [...(groups.get(identity) ?? []), atom]);
  }
  return [...groups.values()].map((atoms) => {
    const [first] = atoms as [TrustAtom];
    const [, type = '', name = ''] = /^(\S+) (.*)$/.exec(first.who) ?? [];
    const tests = new Map(linesOf(first).map(([operator, key, values]) => [`${operator} ${key}`, values]));
    return { atoms, type, name, tests, actions: atoms.map(({ action }) => action) };
  });
};

const spellingsIn = (trust: PolicyDocument): ((key: string) => string) => {
  const keys = statements(trust).flatMap(({ Condition }) => Object.values(Condition ?? {}).flatMap(Object.keys));
  const spellings = new Map(keys.map((key) => [key.toLowerCase(), key]));
  return (key) => spellings.get(key) ?? key;
};

const shortened = (values: readonly string[] | undefined): OneOrMany<string> | undefined =>
  values?.length === 1 ? values[0] : values;

/** With a quantifier before the operator where the key may have several values. */
const textsOf = (tests: Tests, key: string, quantifier = ''): OneOrMany<string> | undefined =>
  shortened(tests.get(`${quantifier}StringEquals ${key}`) ?? tests.get(`${quantifier}StringLike ${key}`));

const textOf = (tests: Tests, key: string): string | undefined => {
  const found = textsOf(tests, key);
  return typeof found === 'string' ? found : undefined;
};

const present = <T extends object>(fields: T): { readonly [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]: Exclude<T[K], undefined>;
  };

/** What the keys that begin alike demand, by the rest of the key. */
const byName = (tests: Tests, prefix: string, { spelled }: TrustSpelling): TextsByName | undefined => {
  const found = [...tests].flatMap(([line, values]) => {
    const [, key = ''] = /^(?:ForAnyValue:)?String(?:Equals|Like) (.+)$/.exec(line) ?? [];
    if (!key.startsWith(prefix.toLowerCase())) return [];
    return [[spelled(key).slice(prefix.length), shortened(values) ?? ''] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
};

const without = (texts: TextsByName | undefined, ...names: readonly string[]): TextsByName | undefined => {
  const rest = Object.entries(texts ?? {}).filter(([name]) => !names.includes(name));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
};

const arnsOf = (tests: Tests, key: string, { names }: WritingScene): OneOrMany<string> | undefined =>
  shortened(tests.get(`ArnLike ${key}`)?.map((arn) => accountNamed(arn, names)));

const callerWords = (tests: Tests, scene: WritingScene): WrittenTrust =>
  present({
    externalId: textOf(tests, 'sts:externalid'),
    mfa: tests.get('Bool aws:multifactorauthpresent')?.join() === 'true' ? true : undefined,
    organization: textOf(tests, 'aws:principalorgid'),
    organizationPath: textsOf(tests, 'aws:principalorgpaths', 'ForAnyValue:'),
    principalArn: arnsOf(tests, 'aws:principalarn', scene),
  });

const reservedSet = /^arn:aws:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\*\/AWSReservedSSO_(.+)_\?{16}$/;

/** An account as a whole, or the holders of one of its permission sets. */
const ofAccount = (id: AccountId, tests: Tests, scene: WritingScene): WrittenTrust => {
  const { accountId, names } = scene;
  const name = names.get(id);
  const permissionSet = reservedSet.exec(tests.get('ArnLike aws:principalarn')?.join() ?? '')?.[1];
  if (permissionSet !== undefined && name !== undefined)
    return { ...(id === accountId ? {} : { account: name }), permissionSet };
  return { ...(name === undefined ? { accountId: id } : { account: name }), ...callerWords(tests, scene) };
};

const ofArn = (arn: string, tests: Tests, scene: WritingScene): WrittenTrust | undefined => {
  const { accountId, names } = scene;
  const [, id = '', type, path = ''] = /^arn:aws:iam::(\d{12}):(role|user)\/(.+)$/.exec(arn) ?? [];
  if (type === undefined) return undefined;
  const account = names.get(id);
  const whose = account === undefined ? { accountId: id } : { account };
  return {
    ...(id === accountId ? {} : whose),
    ...(type === 'role' ? { role: path } : { user: path }),
    ...callerWords(tests, scene),
  };
};

const ofAws = ({ name, tests }: TrustWay, scene: TrustSpelling): WrittenTrust | undefined => {
  if (name === '*') return callerWords(tests, scene);
  return /^\d{12}$/.test(name) ? ofAccount(name, tests, scene) : ofArn(name, tests, scene);
};

const ofService = ({ name, tests }: TrustWay, scene: TrustSpelling): WrittenTrust | undefined => {
  const ids = tests.get('StringEquals aws:sourceaccount');
  const accounts = ids?.map((id) => scene.names.get(id));
  if (accounts?.includes(undefined)) return undefined;
  return present({
    service: name,
    sourceAccount: shortened(accounts as readonly string[] | undefined),
    sourceArn: arnsOf(tests, 'aws:sourcearn', scene),
    sourceOrganization: textOf(tests, 'aws:sourceorgid'),
    sourceOrganizationPath: textsOf(tests, 'aws:sourceorgpaths', 'ForAnyValue:'),
  });
};

const subject = /^repo:([^/@:]+)(?:@(\d+))?\/([^@:]+)(?:@(\d+))?:(ref|environment):(.+)$/;

const ofGitHub = (tests: Tests): WrittenTrust | undefined => {
  if (textOf(tests, `${GITHUB_HOST}:aud`) !== GITHUB_AUDIENCE) return undefined;
  const [, owner, ownerId, name, repositoryId, type, where = ''] =
    subject.exec(textOf(tests, `${GITHUB_HOST}:sub`) ?? '') ?? [];
  if (owner === undefined || name === undefined) return undefined;
  const github = present({
    repository: `${owner}/${name}`,
    ref: type === 'ref' ? where : textOf(tests, `${GITHUB_HOST}:ref`),
    environment: type === 'environment' ? where.replaceAll('%3A', ':') : undefined,
    ownerId,
    repositoryId,
  });
  return { github };
};

/** An issuer by its own name, or a provider of the own account by its ARN. */
const providerIn = (name: string, type: 'oidc' | 'saml', { accountId }: WritingScene): string | undefined => {
  if (type === 'oidc' && webIdentityProviders.includes(name)) return name;
  const arn = `arn:aws:iam::${accountId}:${type}-provider/`;
  return name.startsWith(arn) ? name.slice(arn.length) : undefined;
};

const ofOidc = ({ name, tests }: TrustWay, reading: TrustSpelling): WrittenTrust | undefined => {
  const provider = providerIn(name, 'oidc', reading);
  if (provider === undefined) return undefined;
  const claims = byName(tests, `${provider}:`, reading);
  const { aud: audience, sub } = claims ?? {};
  return { oidc: present({ provider, audience, subject: sub, claims: without(claims, 'aud', 'sub') }) };
};

const ofSaml = ({ name, tests }: TrustWay, reading: TrustSpelling): WrittenTrust | undefined => {
  const provider = providerIn(name, 'saml', reading);
  if (provider === undefined) return undefined;
  const attributes = byName(tests, 'SAML:', reading);
  return { saml: present({ provider, audience: attributes?.['aud'], attributes: without(attributes, 'aud') }) };
};

/** What the entry might be, the shorter words first. */
const guesses = (way: TrustWay, reading: TrustSpelling): readonly WrittenTrust[] => {
  const { type, tests } = way;
  const made: Readonly<Record<string, () => readonly (WrittenTrust | undefined)[]>> = {
    AWS: () => [ofAws(way, reading)],
    Service: () => [ofService(way, reading)],
    Federated: () => [ofGitHub(tests), ofOidc(way, reading), ofSaml(way, reading)],
  };
  return (made[type]?.() ?? []).flatMap((one) => one ?? []);
};

const sessionWords = ({ tests, actions }: TrustWay, reading: TrustSpelling): WrittenTrust => {
  const may = (action: string): true | undefined => (actions.includes(action) ? true : undefined);
  const keys = (key: string): readonly string[] | undefined => {
    const found = textsOf(tests, key, 'ForAllValues:');
    return found === undefined ? undefined : listOf(found);
  };
  return present({
    principalTags: byName(tests, 'aws:PrincipalTag/', reading),
    sessionName: textsOf(tests, 'sts:rolesessionname'),
    sourceIdentity: textsOf(tests, 'sts:sourceidentity'),
    sessionTags: byName(tests, 'aws:RequestTag/', reading),
    sessionTagKeys: keys('aws:tagkeys'),
    transitiveTagKeys: keys('sts:transitivetagkeys'),
    tagSession: may('sts:tagsession'),
    setSourceIdentity: may('sts:setsourceidentity'),
    setContext: may('sts:setcontext'),
    assume: actions.some((action) => /^sts:assumerole/.test(action)) ? undefined : false,
  });
};

const textOfAtoms = (atoms: readonly TrustAtom[]): string =>
  atoms
    .map((atom) => JSON.stringify(atom))
    .sort()
    .join();

const compiled = (entries: readonly WrittenTrust[], { accountId, names }: WritingScene): PolicyDocument => {
  const ids = new Map([...names].map(([id, name]) => [name, id]));
  const filled = (text: string): string =>
    text.replace(/\$\{account:([^}]+)\}/g, (whole, name: string) => ids.get(name) ?? whole);
  const plain = entries.map((entry) => {
    const texts = (key: 'sourceArn' | 'principalArn') =>
      shortened(entry[key] === undefined ? undefined : listOf(entry[key]).map(filled));
    return { ...entry, ...present({ sourceArn: texts('sourceArn'), principalArn: texts('principalArn') }) };
  });
  return trustDocument(plain, { accountId, idOf: (name) => ids.get(name) });
};

/** The first guess that says all of it. */
const entryOf = (way: TrustWay, reading: TrustSpelling): WrittenTrust | undefined => {
  if (way.atoms.some(({ effect }) => effect !== 'Allow')) return undefined;
  const wanted = textOfAtoms(way.atoms);
  return guesses(way, reading)
    .map((guess) => ({ ...guess, ...sessionWords(way, reading) }))
    .find((entry) => textOfAtoms(trustAtoms(compiled([entry], reading))) === wanted);
};

/** Entries that compile to a trust policy that lets exactly the same in; nothing where there are none. */
const trustEntries = (trust: PolicyDocument, scene: WritingScene): readonly WrittenTrust[] | undefined => {
  const reading = { ...scene, spelled: spellingsIn(trust) };
  const entries = waysOf(trust).map((way) => entryOf(way, reading));
  const known = entries.filter((entry) => entry !== undefined);
  if (known.length < entries.length || known.length === 0) return undefined;
  const distinct = [...new Map(known.map((entry) => [JSON.stringify(entry), entry])).values()];
  return canonicalTrust(compiled(distinct, scene)) === canonicalTrust(trust) ? distinct : undefined;
};

/** In words where these let in exactly the same; else as it is. */
export const waysInSaid = (trust: PolicyDocument, scene: WritingScene): WrittenWaysIn => {
  const words = trustEntries(trust, scene);
  return words === undefined ? { document: trust } : { words };
};
