/** Why somebody can or cannot: the answer in one line, then the chain that leads to it. */
import { controlPolicyTypes, isFullAccessName } from '../kinds/control-policies.ts';
import { controlKinds, isControlKind } from '../model/resource.ts';
import type { Chain, PlaceLink, ReasonLink, Verdict, Who, WhoLine, Why } from '../model/why.ts';
import { paragraph } from './page.ts';
import type { PageStyle } from './page.ts';
import type { Paint } from './paint.ts';
import { terminal, visibleJson } from './untrusted.ts';
import { counted } from './words.ts';
import { wrap } from './wrap.ts';

const layerWords: Readonly<Record<string, string>> = {
  identity: 'identity policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  ...Object.fromEntries(controlKinds.map((kind) => [kind, controlPolicyTypes[kind].word])),
  resource: "the resource's policy",
  trust: 'trust policy',
};

/** Leaves out FullAWSAccess, which is attached at every level, unless it is the only reason. */
export const tellingReasons = <R extends ReasonLink>(reasons: readonly R[]): readonly R[] => {
  const telling = reasons.filter(({ policy }) => !isFullAccessName(policy));
  return telling.length === 0 ? reasons : telling;
};

const placeText = (place: PlaceLink | undefined): string =>
  place === undefined ? 'live, unmanaged' : `${place.file}:${place.line}`;

const linkText = (reason: ReasonLink): string => {
  if (reason.assumed) return 'assumed';
  return reason.place === undefined && isFullAccessName(reason.policy) ? "AWS's own" : placeText(reason.place);
};

/** "Deny in DenyRootUser, statement 1 (SCP at Root; scps/deny-root-user.yaml:12)". */
export const reasonWords = (reason: ReasonLink): string => {
  const layer = layerWords[reason.type] ?? reason.type;
  const where = reason.level === undefined ? layer : `${layer} at ${reason.level}`;
  return `${reason.effect} in ${reason.policy}, statement ${reason.statement + 1} (${where}; ${linkText(reason)})`;
};

const nothingText = ({ by, level, policies }: Chain): string => {
  if (isControlKind(by)) return `no ${layerWords[by] ?? by} at ${level ?? 'some level'} allows it`;
  if (by === 'boundary') return 'the permissions boundary does not allow it';
  if (policies.length === 0) return 'nothing is held there that could allow it';
  return `nothing allows it in ${policies.join(', ')}`;
};

const extentWords = { 'some-resource': 'on some resource', 'some-action': 'for some action' } as const;
const extentLine = ({ extent, on }: Chain): readonly string[] => {
  if (extent === undefined) return [];
  return [`${extentWords[extent]}${on === undefined ? '' : `: ${on}`}`];
};

/** Part of the request is certainly allowed; the conditions only decide which part. */
const isPartly = ({ decision, extent, dependsOn }: Chain): boolean =>
  decision === 'depends' && extent !== undefined && dependsOn.every((name) => /^which (resource|action)$/.test(name));

/** `policy:NAME` stands for a policy whose document is unknown. */
const conditionWords = (name: string): string => {
  const policy = /^policy:(.*)$/s.exec(name)?.[1];
  if (policy === undefined) return name;
  if (policy.startsWith('its ')) return policy;
  if (policy.startsWith('of ')) return `the policy ${policy}`;
  return policy.endsWith(' policy') ? `the ${policy}` : `the document of ${policy}`;
};

const conditions = (chains: readonly Chain[]): string =>
  [...new Set(chains.flatMap(({ dependsOn }) => dependsOn.map(conditionWords)))].join(', ');

const chainLines = (chain: Chain, { paint, width }: PageStyle): readonly string[] => {
  const steps = chain.through.map(({ text, place }) => `${text}${place === undefined ? '' : ` (${placeText(place)})`}`);
  const reasons = tellingReasons(chain.reasons).map(reasonWords);
  const depends = chain.dependsOn.length === 0 ? [] : [`depends on ${conditions([chain])}`];
  const missing = chain.decision === 'denied' && reasons.length === 0 ? [nothingText(chain)] : [];
  const nothing = chain.because === undefined ? missing : [chain.because];
  const [first = chain.decision, ...rest] = [...steps, ...extentLine(chain), ...depends, ...reasons, ...nothing].map(
    (line) => terminal(line),
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

/** The part of the request that the answer is about; nothing where it is about all of it. */
const extentOf = (chains: readonly Chain[]): string | undefined => {
  const extents = chains.map(({ extent }) => extent);
  const [extent] = extents;
  return extent === undefined || extents.includes(undefined) ? undefined : extentWords[extent];
};

const dependsWords = (chains: readonly Chain[]): string => {
  const open = chains.filter(({ decision }) => decision === 'depends');
  const keys = conditions(open);
  const partly = open.find(isPartly);
  const extent = extentOf(open);
  const on = keys === '' ? '' : ` on ${keys}`;
  if (partly?.extent !== undefined) return `It depends${on}: allowed ${extentWords[partly.extent]}.`;
  return `It depends${on}${extent === undefined ? '' : `, ${extent}`}.`;
};

const verdictWords = ({ decision, chains }: Why): string => {
  if (decision === 'denied') return 'No: denied.';
  if (decision === 'depends') return dependsWords(chains);
  const extent = extentOf(chains.filter((chain) => chain.decision === 'allowed'));
  return `Yes: allowed${extent === undefined ? '' : ` ${extent}`}.`;
};

export const whyText = (why: Why, style: PageStyle): string => {
  const on = why.resource === undefined ? '' : ` on ${why.resource}`;
  const answer = verdictWords(why);
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

const whoLines = (line: WhoLine, style: PageStyle): readonly string[] => {
  const people = line.people === undefined ? '' : ` (${counted(line.people.length, 'person', 'people')})`;
  return [...paragraph(`${line.principal}${people}`, style, style.paint.bold), ...chainLines(line.chain, style)];
};

export const whoText = (who: Who, style: PageStyle): string => {
  const on = who.resource === undefined ? '' : ` on ${who.resource}`;
  const asked = `${who.action}${on} in ${who.account}`;
  const can = paragraph(who.can.length === 0 ? `Nobody can ${asked}.` : `Can ${asked}:`, style);
  const listed = (heading: string, lines: readonly WhoLine[]): readonly string[] =>
    lines.length === 0 ? [] : ['', ...paragraph(heading, style), ...lines.flatMap((line) => whoLines(line, style))];
  return [
    ...can,
    ...who.can.flatMap((line) => whoLines(line, style)),
    ...listed(
      'Can some of it:',
      who.depends.filter(({ chain }) => isPartly(chain)),
    ),
    ...listed(
      'Perhaps, it depends:',
      who.depends.filter(({ chain }) => !isPartly(chain)),
    ),
  ].join('\n');
};

export const whoJson = (who: Who): string => visibleJson(JSON.stringify(who, undefined, 2));
