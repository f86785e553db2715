/**
 * A second evaluator, slow and plain, written from AWS's own pages and from nothing in src/: it walks the flow chart of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html step by step.
 * Every key of a request is known to it.
 */

type Many<T> = T | readonly T[];
type Doc = { readonly Version?: string; readonly Statement: Many<Sentence> };
type Sentence = {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: Many<string>;
  readonly NotAction?: Many<string>;
  readonly Resource?: Many<string>;
  readonly NotResource?: Many<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Many<string>>>>>;
};
type Named = { readonly name: string; readonly policy: Doc };
export type SlowCase = {
  readonly request: {
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount?: string;
    readonly principal: string;
    readonly context: Readonly<Record<string, Many<string>>>;
  };
  readonly identityPolicies: readonly Named[];
  readonly boundary: readonly Named[];
  readonly sessionPolicies: readonly Named[];
  readonly scps: readonly { readonly level: string; readonly policies: readonly Named[] }[];
  readonly rcps: readonly { readonly level: string; readonly policies: readonly Named[] }[];
  readonly resourcePolicy?: Doc;
};

const many = <T>(value: Many<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

const regexOf = (pattern: string, star: string, one: string): RegExp =>
  new RegExp(
    `^${[...pattern].map((char) => (char === '*' ? star : char === '?' ? one : char.replace(/[.+^${}()|[\]\\/-]/, '\\$&'))).join('')}$`,
    's',
  );

/* Who asks. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
type Who = {
  readonly text: string;
  readonly kind: string;
  readonly account: string;
  readonly roleName: string;
  readonly roleArn: string;
};
const whoIs = (text: string): Who => {
  const [, , service = '', , account = '', tail = ''] = text.split(':');
  const names = tail.split('/');
  const base = { text, account, roleName: '', roleArn: '' };
  if (text === '*') return { ...base, kind: 'anonymous' };
  if (!text.startsWith('arn:')) return { ...base, kind: 'service' };
  if (tail === 'root') return { ...base, kind: 'root' };
  if (service === 'sts' && names[0] === 'assumed-role') {
    const roleName = names[1] ?? '';
    return { ...base, kind: 'session', roleName, roleArn: `arn:aws:iam::${account}:role/${roleName}` };
  }
  if (names[0] === 'role') return { ...base, kind: 'role', roleName: names.at(-1) ?? '', roleArn: text };
  return { ...base, kind: service === 'sts' ? 'federated' : 'user' };
};

type Keys = ReadonlyMap<string, readonly string[]>;
/* https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const keysOf = ({ request }: SlowCase, who: Who, owner: string): Keys => {
  const keys = new Map<string, readonly string[]>();
  const put = (key: string, value: string): void => void keys.set(key, [value]);
  const types: Readonly<Record<string, string>> = {
    anonymous: 'Anonymous',
    root: 'Account',
    user: 'User',
    role: 'AssumedRole',
    session: 'AssumedRole',
    federated: 'FederatedUser',
  };
  if (types[who.kind] !== undefined) put('aws:principaltype', types[who.kind] ?? '');
  if (who.account !== '') put('aws:principalarn', who.kind === 'session' ? who.roleArn : who.text);
  if (who.account !== '' || who.kind === 'anonymous') put('aws:principalaccount', who.account || 'anonymous');
  if (who.kind === 'user') put('aws:username', who.text.split('/').at(-1) ?? '');
  if (who.kind !== 'anonymous') put('aws:principalisawsservice', who.kind === 'service' ? 'true' : 'false');
  if (who.kind === 'service') put('aws:principalservicename', who.text);
  if (who.kind === 'root' || who.kind === 'anonymous') put('aws:userid', who.account || 'anonymous');
  if (owner !== '') put('aws:resourceaccount', owner);
  for (const [key, value] of Object.entries(request.context)) keys.set(key.toLowerCase(), many(value));
  return keys;
};

/** A star, question mark or dollar that is meant as itself is kept apart as a private character. */
const kept: Readonly<Record<string, string>> = { '*': '\uE000', '?': '\uE001', $: '\uE002' };
const plainAgain = (text: string): string =>
  text
    .replace(/\uE000/g, '*')
    .replace(/\uE001/g, '?')
    .replace(/\uE002/g, '$');
const guarded = (text: string): string => text.replace(/[*?$]/g, (char) => kept[char] ?? char);

/* https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
const substituted = (text: string, keys: Keys, version: string | undefined): string | undefined => {
  if (version !== '2012-10-17') return text;
  let isWhole = true;
  const made = text.replace(/\$\{([^}]*)\}/g, (_, inside: string) => {
    if (kept[inside] !== undefined) return kept[inside] ?? '';
    const [name = '', ...rest] = inside.split(',');
    const values = keys.get(name.trim().toLowerCase());
    if (values?.length === 1) return guarded(values[0] ?? '');
    const fallback = /^'(.*)'$/.exec(rest.join(',').trim())?.[1];
    if (fallback !== undefined && (values === undefined || values.length === 0)) return guarded(fallback);
    isWhole = false;
    return '';
  });
  return isWhole ? made : undefined;
};

const wildRegex = (pattern: string): RegExp => regexOf(pattern, '.*', '.');
const like = (pattern: string, text: string): boolean => wildRegex(pattern).test(text);
const likeKept = (pattern: string, text: string): boolean => {
  const source = [...pattern]
    .map((char) =>
      char === '*' ? '.*' : char === '?' ? '.' : plainAgain(char).replace(/[.+^${}()|[\]\\/*?-]/, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`, 's').test(text);
};

/** With fewer than six parts, and wildcards where AWS takes none: .../reference-arns.html. Names stand for types in these. */
const nameServices = ['s3', 'sqs', 'sns'];
const resourceMatches = (written: string, asked: string, { keys, version, isIdentity }: Scene): boolean => {
  if (written === '*') return true;
  const skeleton = written.replace(/\$\{[^}]*\}/g, 'x').split(':');
  const [prefix = '', partition = '', service = '', , account = '', type = ''] = skeleton;
  if (/[*?]/.test(`${prefix}${partition}${service}`)) return false;
  const kindOfResource = type.split('/')[0] ?? '';
  const isTyped = !nameServices.includes(service) && /^(\d*|[\d*?]*)$/.test(account);
  if (isTyped && /[*?]/.test(kindOfResource) && kindOfResource !== '*') return false;
  const missing = isIdentity && written.startsWith('arn:') && skeleton.length < 6 ? 6 - skeleton.length : 0;
  const text = substituted(written, keys, version);
  if (text === undefined) return false;
  const whole = `${text}${':*'.repeat(missing)}`;
  const runs = (pattern: string): boolean =>
    pattern
      .split(':')
      .slice(0, 5)
      .some((part) => part.endsWith('*'));
  const fits = (pattern: string): boolean => {
    if (runs(pattern) || pattern.split(':').length < 6) return likeKept(pattern, asked);
    const cut = (arn: string) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')];
    const parts = cut(pattern);
    const given = asked.split(':').length > 5 ? cut(asked) : [asked];
    return given.length === 6 && parts.every((part, at) => likeKept(part, given[at] ?? ''));
  };
  return fits(whole) || (missing > 0 && runs(text) && fits(text));
};

type Scene = { readonly keys: Keys; readonly version: string | undefined; readonly isIdentity: boolean };

/* https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const compare = (operator: string, written: string, value: string, scene: Scene): boolean => {
  const { keys, version } = scene;
  if (/^(String|Arn)/.test(operator)) {
    const text = substituted(written, keys, version);
    if (text === undefined) return false;
    if (/^StringLike$/.test(operator)) return likeKept(text, value);
    if (/^Arn/.test(operator)) {
      const cut = (arn: string) => [
        ...arn.split(':').slice(0, 5),
        ...(arn.split(':').length > 5 ? [arn.split(':').slice(5).join(':')] : []),
      ];
      if (text === '*') return cut(value).length === 6;
      return (
        cut(text).length === 6 &&
        cut(value).length === 6 &&
        cut(text).every((part, at) => likeKept(part, cut(value)[at] ?? ''))
      );
    }
    const plain = plainAgain(text);
    return operator === 'StringEqualsIgnoreCase' ? plain.toLowerCase() === value.toLowerCase() : plain === value;
  }
  if (operator === 'Bool') return /^(true|false)$/i.test(value) && written.toLowerCase() === value.toLowerCase();
  if (/^Numeric/.test(operator)) {
    const amount = (text: string): number => (/^[\d.]+$/.test(text) ? Number(text) : NaN);
    return ordered(operator.slice(7), amount(value), amount(written));
  }
  if (/^Date/.test(operator)) {
    // A day, or seconds since the epoch.
    const moment = (text: string): number => {
      if (/^\d{5,12}$/.test(text)) return Number(text) * 1000;
      return /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
    };
    return ordered(operator.slice(4), moment(value), moment(written));
  }
  throw new Error(`no such operator here: ${operator}`);
};

/** What is not readable is NaN, which no comparison passes. */
const ordered = (name: string, value: number, written: number): boolean => {
  if (name === 'Equals') return value === written;
  if (name === 'LessThan') return value < written;
  if (name === 'LessThanEquals') return value <= written;
  return name === 'GreaterThan' ? value > written : value >= written;
};

const testHolds = (name: string, entry: { key: string; written: readonly string[] }, scene: Scene): boolean => {
  const values = scene.keys.get(entry.key.toLowerCase());
  if (name === 'Null') {
    const isAbsent = values === undefined || values.every((value) => value === '');
    return entry.written.some((want) => want.toLowerCase() === String(isAbsent));
  }
  const set = /^(ForAllValues|ForAnyValue):/.exec(name)?.[1];
  const isTolerant = name.endsWith('IfExists');
  const bare = name.replace(/^For\w+:/, '').replace(/IfExists$/, '');
  const isNegated = bare.includes('Not');
  const positive = bare.replace('Not', '');
  const one = (value: string): boolean =>
    entry.written.some((text) => compare(positive, text, value, scene)) !== isNegated;
  if (values === undefined || values.length === 0) {
    if (isTolerant || set === 'ForAllValues') return true;
    return set === undefined && isNegated;
  }
  if (set === undefined) return isNegated ? values.every(one) : values.some(one);
  const real = values.every((value) => value === '') ? [] : values;
  return set === 'ForAllValues' ? real.every(one) : real.some(one);
};

const actionIn = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => {
    if (pattern === '*') return true;
    const [service = '', name = ''] = pattern.toLowerCase().split(':');
    const [askedService = '', askedName = ''] = action.toLowerCase().split(':');
    return like(service, askedService) && like(name, askedName);
  });

/** Conditions, action and resource; who asks is another question. */
const speaks = (sentence: Sentence, asked: { action: string; resource: string }, scene: Scene): boolean => {
  const { Action, NotAction, Resource, NotResource, Condition } = sentence;
  const isAction =
    Action === undefined ? !actionIn(many(NotAction), asked.action) : actionIn(many(Action), asked.action);
  const listed = (list: Many<string> | undefined) =>
    many(list).some((text) => resourceMatches(text, asked.resource, scene));
  const isResource = Resource !== undefined ? listed(Resource) : NotResource === undefined || !listed(NotResource);
  const tests = Object.entries(Condition ?? {}).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ name, key, written: many(values) })),
  );
  return isAction && isResource && tests.every(({ name, key, written }) => testHolds(name, { key, written }, scene));
};

/** How a Principal element names somebody: the very caller, the role behind the session, the whole account, or not. */
const namesBy = (element: unknown, who: Who): 'itself' | 'role' | 'account' | 'no' => {
  if (element === '*') return 'itself';
  const entries = Object.entries(element as Readonly<Record<string, Many<string>>>).flatMap(([type, names]) =>
    many(names).map((name) => ({ type, name })),
  );
  const ways = entries.map(({ type, name }) => {
    if (type === 'Service') return who.kind === 'service' && name === who.text ? 'itself' : 'no';
    if (type !== 'AWS') return 'no';
    if (name === '*') return 'itself';
    if (name === who.text) return who.kind === 'role' ? 'role' : 'itself';
    if (who.account === '') return 'no';
    if (name === who.account || name === `arn:aws:iam::${who.account}:root`) return 'account';
    const isOfRole =
      who.kind === 'session' &&
      name.startsWith(`arn:aws:iam::${who.account}:role/`) &&
      name.split('/').at(-1) === who.roleName;
    return isOfRole ? 'role' : 'no';
  });
  return (['itself', 'role', 'account'] as const).find((way) => ways.includes(way)) ?? 'no';
};

const temporaryKinds = ['role', 'session', 'federated'];
const writesOfRoles = ['PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'DeleteRole'].map((name) =>
  `iam:${name}`.toLowerCase(),
);

/** Not a matter of policies: id_credentials_temp_request.html; UnmodifiableEntity of API_PutRolePolicy.html; API_CreateAlias.html. */
const settled = (action: string, resource: string, who: Who): 'allowed' | 'denied' | undefined => {
  const isTemporary = temporaryKinds.includes(who.kind);
  const isLongTerm = who.kind === 'user' || who.kind === 'root';
  if (action === 'sts:getcalleridentity' && (isTemporary || isLongTerm)) return 'allowed';
  if (action === 'sts:getsessiontoken' && isLongTerm) return 'allowed';
  if (['sts:getsessiontoken', 'sts:getfederationtoken'].includes(action) && isTemporary) return 'denied';
  if (who.account === '' || isLinked(who)) return undefined;
  const isKept = /^arn:aws:iam::\d*:role\/(aws-service-role|aws-reserved)\//.test(resource);
  if (isKept && [...writesOfRoles, 'sts:assumerole'].includes(action)) return 'denied';
  return action === 'kms:deletealias' && resource.includes(':alias/aws/') ? 'denied' : undefined;
};

const isLinked = (who: Who): boolean =>
  who.kind === 'session' ? who.roleName.startsWith('AWSServiceRoleFor') : who.text.includes(':role/aws-service-role/');

/* orgs_manage_policies_rcps.html, "List of AWS services that support RCPs"; of the services that cases ask about. */
const obeysRcps = ['s3', 'sqs', 'kms', 'sts', 'dynamodb', 'secretsmanager'];

/* .../list_amazons3.html has no type for ListAllMyBuckets; id_roles_use_switch-role-cli.html shows its ARN. */
const askedResource = ({ request }: SlowCase): string =>
  request.action.toLowerCase() === 's3:listallmybuckets' && request.resource === '*'
    ? 'arn:aws:s3:::*'
    : request.resource;

export const slowly = (one: SlowCase): 'allowed' | 'denied' => {
  const { request } = one;
  const who = whoIs(request.principal);
  const resource = askedResource(one);
  const action = request.action.toLowerCase();
  const named = /^\d{12}$/.exec(request.resource.split(':')[4] ?? '')?.[0];
  const owner = request.resourceAccount ?? named ?? who.account;
  const decided = settled(action, resource, who);
  if (decided === 'allowed') return 'allowed';
  const keys = keysOf(one, who, owner);
  const asked = { action: request.action, resource };
  const isTrust = action.startsWith('sts:') && /^arn:aws:iam::\d*:role\//.test(resource);

  type Verdict = { readonly allows: boolean; readonly denies: boolean };
  const verdict = (policies: readonly Named[], as: 'identity' | 'other'): Verdict => {
    const sentences = policies.flatMap(({ policy }) =>
      many(policy.Statement).filter((sentence) =>
        speaks(sentence, asked, { keys, version: policy.Version, isIdentity: as === 'identity' }),
      ),
    );
    return {
      allows: sentences.some(({ Effect }) => Effect === 'Allow'),
      denies: sentences.some(({ Effect }) => Effect === 'Deny'),
    };
  };
  const isOwned = who.account !== '';
  const scps = isOwned && !isLinked(who) ? one.scps.map(({ policies }) => verdict(policies, 'other')) : [];
  const isRetiring = action === 'kms:retiregrant';
  const underRcps = obeysRcps.includes(action.split(':')[0] ?? '') && !isLinked(who) && !isRetiring;
  const rcps = underRcps ? one.rcps.map(({ policies }) => verdict(policies, 'other')) : [];
  const identity =
    isOwned && who.kind !== 'root' ? verdict(one.identityPolicies, 'identity') : { allows: false, denies: false };
  const open: Verdict = { allows: true, denies: false };
  const boundary = isOwned && who.kind !== 'root' && one.boundary.length > 0 ? verdict(one.boundary, 'identity') : open;
  const isShut = who.kind === 'federated' && one.sessionPolicies.length === 0;
  const passed = isOwned && one.sessionPolicies.length > 0 ? verdict(one.sessionPolicies, 'other') : open;
  const session = isShut ? { allows: false, denies: false } : passed;

  const policy = one.resourcePolicy;
  const sentences = many(policy?.Statement)
    .filter((sentence) => speaks(sentence, asked, { keys, version: policy?.Version, isIdentity: false }))
    .map((sentence) => {
      const { Principal, NotPrincipal } = sentence;
      const spared = NotPrincipal !== undefined && namesBy(NotPrincipal, who) !== 'no';
      const way =
        Principal !== undefined ? namesBy(Principal, who) : NotPrincipal === undefined || spared ? 'no' : 'itself';
      // reference_policies_elements_notprincipal.html: with a boundary such a Deny hits whoever is listed, too.
      const isHit = NotPrincipal !== undefined && sentence.Effect === 'Deny' && isOwned && one.boundary.length > 0;
      return { Effect: sentence.Effect, way: isHit ? 'itself' : way };
    })
    .filter(({ way }) => way !== 'no');

  // 1. An explicit Deny anywhere.
  const denials = [...scps, ...rcps, identity, boundary, session].some(({ denies }) => denies);
  if (denials || sentences.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  if (decided === 'denied') return 'denied';
  // 2. and 3. RCPs and SCPs: every level has to allow.
  if (![...rcps, ...scps].every(({ allows }) => allows)) return 'denied';
  // 4. The resource's policy, and 5. to 7. identity policies within the boundary and the session policies.
  const grants = sentences.filter(({ Effect }) => Effect === 'Allow').map(({ way }) => way);
  const isGranted = grants.length > 0;
  if (!isOwned) return isGranted ? 'allowed' : 'denied';
  if (who.kind === 'root' && isTrust) return 'denied';
  const limits = boundary.allows && session.allows;
  const byIdentity = (who.kind === 'root' || identity.allows) && limits;
  if (who.account !== owner) return byIdentity && isGranted ? 'allowed' : 'denied';
  if (grants.includes('itself') || (grants.includes('role') && limits)) return 'allowed';
  const isKey =
    action.startsWith('kms:') &&
    /:(key|alias)\/./.test(resource) &&
    !(/:alias\//.test(resource) && /alias$/.test(action));
  return byIdentity && (isGranted || !(isKey || isTrust)) ? 'allowed' : 'denied';
};
