/** Documents of settings: one element that the type names, and below it values under inheritance operators. */
import { settingsPolicyTypes } from '../../kinds/control-policies.ts';
import type { SettingsKind } from '../../model/resource.ts';
import { isSettingsNode } from '../../model/settings-document.ts';
import type { SettingsDocument, SettingsValue } from '../../model/settings-document.ts';
import { didYouMean } from '../suggest.ts';
import { quoted } from '../text.ts';
import { inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';
import { documentSource, filledIn } from './policies.ts';
import type { WrittenSource } from './policies.ts';

/** "Inheritance operators" (https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html). */
const valueOperators: readonly string[] = ['@@assign', '@@append', '@@remove'];
const childOperators = '@@operators_allowed_for_child_policies';
const controls: readonly string[] = ['@@all', '@@none', ...valueOperators];
const operators: readonly string[] = [...valueOperators, childOperators];

type Report = ReadingContext['report'];

const isPlain = (value: SettingsValue): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const isSet = (value: SettingsValue): boolean => isPlain(value) || (Array.isArray(value) && value.every(isPlain));

type Mistake = { readonly message: string; readonly hint?: string | undefined };

const mistaken = (spot: FileSpot, mistake: Mistake, report: Report): void =>
  report({ at: placeOf(spot), rule: 'not-a-policy', ...mistake });

const wordOf = (value: SettingsValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

const checkControl = (spot: FileSpot, value: SettingsValue, report: Report): void => {
  const named: readonly SettingsValue[] = Array.isArray(value) ? value : [value];
  const hint = `Write ${controls.join(', ')}.`;
  if (named.length === 0) mistaken(spot, { message: `${childOperators} names nothing`, hint }, report);
  const wrong = named.map(wordOf).find((one) => !controls.includes(one));
  if (wrong === undefined) return;
  const message = `${quoted(wrong)} is none of ${controls.join(', ')}`;
  mistaken(spot, { message, hint: didYouMean(wrong, controls) }, report);
};

const checkOperator = (spot: FileSpot, [name, value]: readonly [string, SettingsValue], report: Report): void => {
  if (name === childOperators) return checkControl(spot, value, report);
  if (!valueOperators.includes(name)) {
    const hint = didYouMean(name, operators);
    mistaken(spot, { message: `${quoted(name)} is no inheritance operator`, hint }, report);
  } else if (!isSet(value)) {
    mistaken(spot, { message: `${name} sets a value or a list of values` }, report);
  } else if (name !== '@@assign' && !Array.isArray(value)) {
    mistaken(spot, { message: `${name} takes a list`, hint: 'For a single value, write @@assign.' }, report);
  }
};

/** A value stands under an operator, and everything else is an element with more below it. */
const checkNode = (spot: FileSpot, node: SettingsDocument, report: Report): void => {
  for (const [name, value] of Object.entries(node)) {
    const here = inside(spot, name);
    const hint = `Write ${name}: { "@@assign": … }.`;
    if (name.startsWith('@@')) checkOperator(here, [name, value], report);
    else if (isSettingsNode(value)) checkNode(here, value, report);
    else mistaken(here, { message: `${quoted(name)} is set without an operator`, hint }, report);
  }
};

type TypedDocument = { readonly kind: SettingsKind; readonly document: SettingsDocument };

const checkElement = (spot: FileSpot, { kind, document }: TypedDocument, report: Report): void => {
  const { element, longWord, page } = settingsPolicyTypes[kind];
  const names = Object.keys(document).filter((name) => !name.startsWith('@@'));
  const wrong = names.find((name) => name !== element);
  if (names.includes(element) && wrong === undefined) return;
  const at = wrong === undefined ? spot : inside(spot, wrong);
  const found = wrong === undefined ? 'it is missing' : `not ${quoted(wrong)}`;
  mistaken(at, { message: `the one element of this ${longWord} is ${element}; ${found}`, hint: `See ${page}` }, report);
};

export type FoundSettings = { readonly settings: SettingsDocument; readonly spot: FileSpot };

/** The document that stands at a key or in the file that its twin names, with the ids of `${account:NAME}` filled in. */
export const readSettings = (
  spot: FileSpot,
  { kind, ...written }: WrittenSource & { readonly kind: SettingsKind },
  world: ReadingContext,
): FoundSettings | undefined => {
  const source = documentSource(spot, written, world);
  if (source === undefined) return undefined;
  const document = source.document as SettingsDocument;
  checkElement(source.spot, { kind, document }, world.report);
  checkNode(source.spot, document, world.report);
  return { settings: filledIn(source.spot, document, world) as SettingsDocument, spot: source.spot };
};
