/** Why somebody can or cannot: the answer in one line, then the chain that leads to it. */
import { paragraph } from './page.ts';
import type { Style } from './page.ts';
import type { Paint } from './paint.ts';
import { terminal, visibleJson } from './untrusted.ts';
import { counted } from './words.ts';
import { wrap } from './wrap.ts';

export type PlaceLink = { readonly file: string; readonly line: number };
export type ReasonLink = {
  readonly policy: string;
  readonly statement: number;
  readonly effect: 'Allow' | 'Deny';
  readonly type: string;
  readonly level?: string;
  readonly place?: PlaceLink;
  /** In no state: a default of AWS, or what somebody might hold. */
  readonly assumed?: true;
};
type Verdict = 'allowed' | 'denied' | 'depends';

/** One way of the principal to the action: what it holds there, and what that comes to. */
export type Chain = {
  readonly through: readonly { readonly text: string; readonly place?: PlaceLink }[];
  readonly decision: Verdict;
  readonly by: string;
  readonly level?: string;
  /** Why no policy decides it. */
  readonly because?: string;
  readonly action: string;
  readonly resource?: string;
  readonly reasons: readonly ReasonLink[];
  readonly dependsOn: readonly string[];
  /** The policies that were read on the way. */
  readonly policies: readonly string[];
};
export type Why = {
  readonly principal: string;
  readonly action: string;
  readonly account: string;
  readonly resource?: string;
  readonly decision: Verdict;
  readonly chains: readonly Chain[];
  /** What is said where there is no way at all. */
  readonly nothing?: string;
};

const layerWords: Readonly<Record<string, string>> = {
  identity: 'identity policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'SCP',
  rcp: 'RCP',
  resource: "the resource's policy",
  trust: 'trust policy',
};

/** AWS's own full access is on every level and says nothing, unless nothing else does. */
export const tellingReasons = <R extends ReasonLink>(reasons: readonly R[]): readonly R[] => {
  const telling = reasons.filter(({ policy }) => !/^(RCP)?FullAWSAccess$/.test(policy));
  return telling.length === 0 ? reasons : telling;
};

const placeText = (place: PlaceLink | undefined): string =>
  place === undefined ? 'live, unmanaged' : `${place.file}:${place.line}`;

const isAwsOwn = ({ policy }: ReasonLink): boolean => /^(RCP)?FullAWSAccess$/.test(policy);
const linkText = (reason: ReasonLink): string => {
  if (reason.assumed) return 'assumed';
  return reason.place === undefined && isAwsOwn(reason) ? "AWS's own" : placeText(reason.place);
};

/** "Deny in DenyRootUser, statement 1 (SCP at Root; scps/deny-root-user.yaml:12)". */
export const reasonText = (reason: ReasonLink): string => {
  const layer = layerWords[reason.type] ?? reason.type;
  const where = reason.level === undefined ? layer : `${layer} at ${reason.level}`;
  return `${reason.effect} in ${reason.policy}, statement ${reason.statement + 1} (${where}; ${linkText(reason)})`;
};

const nothingText = ({ by, level, policies }: Chain): string => {
  if (by === 'scp' || by === 'rcp') return `no ${layerWords[by] ?? by} at ${level ?? 'some level'} allows it`;
  if (by === 'boundary') return 'the permissions boundary does not allow it';
  if (policies.length === 0) return 'nothing is held there that could allow it';
  return `nothing allows it in ${policies.join(', ')}`;
};

const chainLines = (chain: Chain, { paint, width }: Style): readonly string[] => {
  const steps = chain.through.map(({ text, place }) => `${text}${place === undefined ? '' : ` (${placeText(place)})`}`);
  const reasons = tellingReasons(chain.reasons).map(reasonText);
  const depends = chain.dependsOn.length === 0 ? [] : [`depends on ${chain.dependsOn.join(', ')}`];
  const missing = chain.decision === 'denied' && reasons.length === 0 ? [nothingText(chain)] : [];
  const nothing = chain.because === undefined ? missing : [chain.because];
  const [first = chain.decision, ...rest] = [...steps, ...depends, ...reasons, ...nothing].map((line) =>
    terminal(line),
  );
  const [head = '', ...more] = wrap(first, { width, first: `  ${chain.decision}  `, indent: 6 });
  const brush = verdictPaint(chain.decision, paint);
  return [
    head.replace(chain.decision, brush),
    ...more,
    ...rest.flatMap((line) => wrap(line, { width, first: '    ', indent: 6 })),
  ];
};

const verdictPaint = (decision: Verdict, paint: Paint) =>
  ({ allowed: paint.green, denied: paint.red, depends: paint.yellow })[decision];

const verdictWords: Readonly<Record<Verdict, string>> = {
  allowed: 'Yes: allowed',
  denied: 'No: denied',
  depends: 'It depends',
};

export const whyText = (why: Why, style: Style): string => {
  const on = why.resource === undefined ? '' : ` on ${why.resource}`;
  const keys = [...new Set(why.chains.flatMap(({ dependsOn }) => dependsOn))].join(', ');
  const depends = why.decision === 'depends' && keys !== '' ? ` on ${keys}` : '';
  const answer = `${verdictWords[why.decision]}${depends}.`;
  const asked = `${why.principal} ${why.action}${on} in ${why.account}`;
  const chains = why.chains.flatMap((chain) => chainLines(chain, style));
  const [head = '', ...more] = wrap(terminal(`${answer} ${asked}`), { width: style.width, first: '', indent: 4 });
  return [
    head.replace(terminal(answer), style.paint.bold),
    ...more,
    ...(chains.length === 0 ? [`  ${why.nothing ?? 'nothing is assigned to it there'}`] : chains),
  ].join('\n');
};

export const whyJson = (why: Why): string => visibleJson(JSON.stringify(why, undefined, 2));

export type WhoLine = {
  readonly principal: string;
  /** Known members; nothing where the members are not known. */
  readonly people?: readonly string[];
  readonly chain: Chain;
};
export type Who = {
  readonly action: string;
  readonly account: string;
  readonly resource?: string;
  readonly can: readonly WhoLine[];
  readonly depends: readonly WhoLine[];
};

const whoLines = (line: WhoLine, style: Style): readonly string[] => {
  const people = line.people === undefined ? '' : ` (${counted(line.people.length, 'person', 'people')})`;
  return [...paragraph(`${line.principal}${people}`, style, style.paint.bold), ...chainLines(line.chain, style)];
};

export const whoText = (who: Who, style: Style): string => {
  const on = who.resource === undefined ? '' : ` on ${who.resource}`;
  const asked = `${who.action}${on} in ${who.account}`;
  const can = paragraph(who.can.length === 0 ? `Nobody can ${asked}.` : `Can ${asked}:`, style);
  const depends = who.depends.length === 0 ? [] : ['', 'Perhaps, it depends:'];
  return [
    ...can,
    ...who.can.flatMap((line) => whoLines(line, style)),
    ...depends,
    ...who.depends.flatMap((line) => whoLines(line, style)),
  ].join('\n');
};

export const whoJson = (who: Who): string => visibleJson(JSON.stringify(who, undefined, 2));
