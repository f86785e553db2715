/** The text of the files that are there once: the tree, the bindings, the settings, the access tests. */
import type {
  WrittenRepository,
  WrittenBinding,
  WrittenOu,
  WrittenSettings,
  WrittenTest,
} from '../../model/written.ts';
import { schemaLine } from './things.ts';
import { plainTargetLines } from './targets.ts';
import { entry, flow, flowText, lineText, textOf } from './text.ts';

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

const accountLines = ({ accounts }: WrittenOu): readonly string[] =>
  accounts.map(({ name, id }) => `${flowText(name)}: "${id}"`);

const ouLines = (ou: WrittenOu): readonly string[] => {
  const inside = [
    ...(ou.accounts.length === 0 ? [] : ['accounts:', ...indented(accountLines(ou))]),
    ...(ou.ous.length === 0 ? [] : ['ous:', ...indented(ou.ous.flatMap(ouLines))]),
  ];
  return inside.length === 0 ? [`${flowText(ou.name)}: {}`] : [`${flowText(ou.name)}:`, ...indented(inside)];
};

export const organizationText = ({ management, root }: WrittenRepository): string =>
  textOf([
    schemaLine('organization', 1),
    `management: { name: ${flowText(management.name)}, id: "${management.id}" }`,
    ...(root.accounts.length === 0 ? ['accounts: {}'] : ['accounts:', ...indented(accountLines(root))]),
    ...(root.ous.length === 0 ? [] : ['ous:', ...indented(root.ous.flatMap(ouLines))]),
  ]);

const bindingLines = ({ place, policies, fullAwsAccess }: WrittenBinding): readonly string[] => {
  if (fullAwsAccess === 'kept') return entry(place, policies, 2);
  return [
    `${flowText(place)}:`,
    ...indented([
      ...entry('policies', policies, 4),
      'fullAwsAccess: false # as it was found; only what these allow is left',
    ]),
  ];
};

const bindingsIn = (key: string, bindings: readonly WrittenBinding[]): readonly string[] =>
  bindings.length === 0 ? [] : [`${key}:`, ...indented(bindings.flatMap(bindingLines))];

export const bindingsText = ({ bindings }: WrittenRepository): string => {
  const lines = [...bindingsIn('ous', bindings.ous), ...bindingsIn('accounts', bindings.accounts)];
  return textOf([schemaLine('bindings', 1), ...(lines.length === 0 ? ['ous: {}'] : lines)]);
};

const breakGlassLines = ({ breakGlass }: WrittenSettings): readonly string[] =>
  breakGlass === undefined
    ? [
        '# Check this: nobody looks like break-glass. Name the emergency administrators; every plan then keeps them whole.',
        '# breakGlass: { group: NAME, permissionSet: NAME }',
      ]
    : [`breakGlass: ${flow(breakGlass)} # check this: it is guessed from the names`];

const memberLines = ({ memberRole }: WrittenSettings): readonly string[] => {
  if (memberRole === undefined) return [];
  const { externalId, ...role } = memberRole;
  return [
    `memberRole: ${flow({ ...role, ...(externalId === undefined ? {} : { externalId }) })} # by it accounts are entered`,
  ];
};

const listLines = (key: string, values: readonly string[]): readonly string[] =>
  values.length === 0 ? [`${key}: []`] : [`${key}:`, ...values.map((value) => `  - ${lineText(value)}`)];

/** An account of no organization stands for one; no key names it. */
const alone = '# No organization: roles, customer policies and OIDC providers of one account.';

export const settingsText = (settings: WrittenSettings): string =>
  textOf([
    schemaLine('settings', 1),
    ...(settings.organization.startsWith('o-') ? entry('organization', settings.organization, 0) : [alone]),
    `region: ${lineText(settings.region)} # of Identity Center`,
    `owner: ${lineText(settings.owner)} # goes into the tag gatehouse:owner on what becomes ours`,
    ...(settings.adopt.length === 0
      ? ['adopt: []']
      : [
          '# All that AWS has of these is in the files: what you take out of the files is taken away in AWS.',
          ...listLines('adopt', settings.adopt),
        ]),
    ...breakGlassLines(settings),
    ...memberLines(settings),
    ...(settings.resourcePolicies === undefined
      ? []
      : [`resourcePolicies: ${flow(settings.resourcePolicies)} # whose policies are read`]),
    `oidcProviders: ${settings.oidcProviders}`,
    ...(settings.attributes === undefined ? [] : entry('attributes', settings.attributes, 0)),
    '# Left alone without a word: of other tools, or nothing that a file could say (see IMPORT.md).',
    ...listLines('ignore', settings.ignore),
    ...(Object.keys(settings.quotas).length === 0
      ? []
      : [`quotas: ${flow(settings.quotas)} # above the defaults, as it was found`]),
  ]);

const testLines = (test: WrittenTest): readonly string[] => [
  `- test: ${lineText(test.test)}`,
  `  as: ${flow(test.as)}`,
  '  in:',
  ...plainTargetLines(test.in, 4).map((line) => `    ${line}`),
  `  ${test.verdict}: ${flow(test.actions)}`,
];

export const testsFileText = (tests: readonly WrittenTest[]): string =>
  textOf([
    schemaLine('tests', 2),
    '# Who is administrator where, as it was found: whoever changes that changes this file.',
    ...(tests.length === 0 ? ['[]'] : tests.flatMap(testLines)),
  ]);
