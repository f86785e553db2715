/** The request that the demo tells of: somebody asks to be in a group for some days, in three lines of YAML. */
import type { Files } from '../../desired/load.ts';
import type { Desired } from '../../model/desired.ts';
import { keyOf, resourcesOf } from '../../model/resource.ts';
import type { Membership } from '../../model/resource.ts';

export type DemoRequest = {
  readonly user: string;
  readonly group: string;
  readonly file: string;
  /** Before which the lines are put. */
  readonly line: number;
  readonly lines: readonly string[];
};

/** Of the example company; another's story is of whom its files name first. */
const preferred = { user: 'grace@securecart.example', group: 'SecureCart-DataEngineers' };

const first = <T>(items: readonly T[], isBetter: (item: T) => boolean): T | undefined =>
  items.find(isBetter) ?? items[0];

/** Where a group's list of members stands a line each, break-glass apart. */
const placesIn = (desired: Desired, files: Files) =>
  resourcesOf(desired.state, 'membership').flatMap((membership: Membership) => {
    const place = desired.origins[keyOf(membership)];
    const text = files.files.find(({ path }) => path === place?.file)?.text.split('\n')[(place?.line ?? 0) - 1];
    const [, indent] = /^( *)- /.exec(text ?? '') ?? [];
    if (place === undefined || indent === undefined) return [];
    return membership.group === desired.settings.breakGlass?.group ? [] : [{ ...membership, ...place, indent }];
  });

const yamlText = (text: string): string => (/^[\w.+@-]+$/.test(text) ? text : JSON.stringify(text));

/** Undefined where no file lists members that somebody could be put among. */
export const requestIn = (desired: Desired, files: Files, until: string): DemoRequest | undefined => {
  const places = placesIn(desired, files);
  const place = first(places, ({ group }) => group === preferred.group);
  const others = places.filter(({ user }) => !places.some((one) => one.user === user && one.group === place?.group));
  const member = first(others, ({ user }) => user === preferred.user);
  if (place === undefined || member === undefined) return undefined;
  const { indent, file, line, group } = place;
  const { user } = member;
  const entry = [`- user: ${yamlText(user)}`, `  until: ${until}`, '  reason: SEC-91 stands in for a week'];
  return { user, group, file, line, lines: entry.map((text) => `${indent}${text}`) };
};

export const withRequest = (files: Files, { file, line, lines }: DemoRequest): Files => ({
  ...files,
  files: files.files.map((source) =>
    source.path === file
      ? {
          ...source,
          text: source.text
            .split('\n')
            .toSpliced(line - 1, 0, ...lines)
            .join('\n'),
        }
      : source,
  ),
});
