/** Whom one statement of a trust policy lets in, as a reviewer names them. */
import { valuesOf } from '../../evaluate/trust/principals.ts';
import type { Statement } from '../../model/policy.ts';

export type NamingScene = {
  /** Account ids to names, of the whole organization. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly organization: string;
};

const reservedSet = /^arn:aws:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\S*AWSReservedSSO_(.+)_\?{16}$/;

const inAccount = (id: string, { accounts }: NamingScene): string => accounts.get(id) ?? `account ${id}`;

/** Tests that whoever comes has to pass by a value of the key. */
const asked = (key: string): RegExp => new RegExp(`^(ForAnyValue:)?(String|Arn)(Equals|Like) ${key}$`, 'i');

/** Of everybody: whom the conditions leave. */
const everybodyText = ({ Condition }: Statement, { organization }: NamingScene): string => {
  const [paths, organizations, arns] = ['aws:principalorgpaths', 'aws:principalorgid', 'aws:principalarn'].map((key) =>
    valuesOf(Condition, asked(key)),
  ) as [readonly string[], readonly string[], readonly string[]];
  const who = arns.length === 0 ? '' : `, as ${arns.join(' or ')}`;
  if (paths.length > 0) return `any account below ${paths.join(' or ')}${who}`;
  if (organizations.length === 0) return `everybody${who}`;
  const others = organizations.filter((id) => id !== organization);
  return `any account of ${others.length === 0 ? 'the organization' : `organization ${others.join(' or ')}`}${who}`;
};

const awsText = (name: string, statement: Statement, scene: NamingScene): string => {
  const [, id = name, type, path] =
    /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::(role|user|root)\/?(.*))?$/.exec(name) ?? [];
  if (name === '*') return everybodyText(statement, scene);
  if (type === 'role') return `role:${path} in ${inAccount(id, scene)}`;
  if (type === 'user') return `iam-user:${path} in ${inAccount(id, scene)}`;
  const arns = valuesOf(statement.Condition, /^Arn(Like|Equals) aws:principalarn$/i);
  const sets = arns.map((arn) => reservedSet.exec(arn)?.[1]);
  if (sets.length > 0 && sets.every((set) => set !== undefined))
    return sets.map((set) => `permission-set:${set} in ${inAccount(id, scene)}`).join(', ');
  const whole = `account:${scene.accounts.get(id) ?? `${id}, which is not of the organization`}`;
  return arns.length === 0 ? whole : `${whole}, as ${arns.join(' or ')}`;
};

type IssuerNaming = { readonly issuer: RegExp; readonly subject: RegExp; readonly says: string };

/** `$1`, `$2` … are of the subject, `$I` of the issuer. Their forms are of the issuers' own documentation. */
const issuers: readonly IssuerNaming[] = [
  {
    issuer: /^gitlab\.[^/]+$/,
    subject: /^project_path:([^:]+):ref_type:([^:]+):ref:(.+)$/,
    says: 'GitLab project $1 on $2 $3',
  },
  { issuer: /^gitlab\.[^/]+$/, subject: /^project_path:(.+)$/, says: 'GitLab project $1' },
  {
    issuer: /^oidc\.eks\.([a-z0-9-]+)\.amazonaws\.com/,
    subject: /^system:serviceaccount:([^:]+):([^:]+)$/,
    says: 'EKS service account $1/$2 of a cluster in $I',
  },
  {
    issuer: /^(app\.terraform\.io)$/,
    subject: /^organization:([^:]+):project:([^:]+):workspace:([^:]+)(?::run_phase:(.+))?$/,
    says: 'Terraform Cloud workspace $1/$2/$3 in run phase $4',
  },
  {
    issuer: /^api\.bitbucket\.org\/2\.0\/workspaces\/([^/]+)\//,
    subject: /^(.+)$/,
    says: 'Bitbucket workspace $I: $1',
  },
  {
    issuer: /^oidc\.circleci\.com\/org\/([^/]+)$/,
    subject: /^org\/[^/]+\/project\/([^/]+)\/user\/(.+)$/,
    says: 'CircleCI project $1 of organization $I, user $2',
  },
];

const identityText = (issuer: string, subject: string): string => {
  for (const one of issuers) {
    const [host, match] = [one.issuer.exec(issuer), one.subject.exec(subject)];
    if (host === null || match === null) continue;
    const parts = [host[1] ?? '', ...match.slice(1)];
    const words = one.says.replace(/\$([I1-9])/g, (_, part: string) => parts[part === 'I' ? 0 : Number(part)] ?? '*');
    return words.replace(' in run phase *', '');
  }
  return `${issuer}:${subject}`;
};

const federatedText = (name: string, { Condition }: Statement): string => {
  const saml = /:saml-provider\/(.+)$/.exec(name)?.[1];
  if (saml !== undefined) return `SAML provider ${saml}`;
  const subjects = valuesOf(Condition, asked('.*:sub'));
  const issuer = name.split('oidc-provider/').at(-1) ?? name;
  if (issuer === 'token.actions.githubusercontent.com')
    return `github:${subjects.length === 0 ? 'anybody' : subjects.join(' or ').replace(/^repo:/, '')}`;
  return subjects.length === 0 ? `${issuer}:anybody` : subjects.map((one) => identityText(issuer, one)).join(' or ');
};

const serviceText = (name: string, { Condition }: Statement): string => {
  if (name === 'pods.eks.amazonaws.com') return 'EKS pods';
  if (name !== 'rolesanywhere.amazonaws.com') return `service:${name}`;
  const anchors = valuesOf(Condition, asked('aws:sourcearn')).map((arn) => arn.split(':trust-anchor/').at(-1) ?? arn);
  const holders = valuesOf(Condition, asked('aws:principaltag/x509subject/cn'));
  const whose = holders.length === 0 ? '' : `, certificate of ${holders.join(' or ')}`;
  return `Roles Anywhere ${anchors.length === 0 ? 'of any trust anchor' : `trust anchor ${anchors.join(' or ')}`}${whose}`;
};

export const trustedName = (
  type: string,
  name: string,
  { statement, scene }: { statement: Statement; scene: NamingScene },
): string => {
  if (type === 'AWS') return awsText(name, statement, scene);
  return type === 'Federated' ? federatedText(name, statement) : serviceText(name, statement);
};
