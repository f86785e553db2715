/** Every action that AWS documents, with its access level: one compact file of a dated version of the action data. */

import { readFileSync } from 'node:fs';

/** The Service Authorization Reference's access levels; `Unknown`: named by a policy and not in the catalogue. */
export const accessLevels = ['Permissions management', 'Write', 'Tagging', 'Read', 'List', 'Unknown'] as const;
export type AccessLevel = (typeof accessLevels)[number];

/** `name` in AWS's spelling: `s3:GetObject` is service `s3`, name `GetObject`. */
export type KnownAction = { readonly service: string; readonly name: string; readonly level: AccessLevel };

/** Sorted by service. `version` is that of the action data, which carries its date. */
export type ActionCatalogue = { readonly version: string; readonly actions: readonly KnownAction[] };

/** The file: service -> level -> names with a space between them. */
type ActionFile = {
  readonly version: string;
  readonly services: Readonly<Record<string, Readonly<Partial<Record<AccessLevel, string>>>>>;
};

let loaded: ActionCatalogue | undefined;

/** Some 22,000 actions in a few tens of milliseconds, once, for whoever asks; nothing else pays. */
export function loadActionCatalogue(): ActionCatalogue {
  loaded ??= unfold(loadActionFile());
  return loaded;
}

/** The file as it is, for whoever asks about a few services. */
export function loadActionFile(): ActionFile {
  return JSON.parse(readFileSync(new URL('./action-catalogue.json', import.meta.url), 'utf8')) as ActionFile;
}

function unfold({ version, services }: ActionFile): ActionCatalogue {
  const actions: KnownAction[] = [];
  for (const [service, levels] of Object.entries(services))
    for (const [level, names] of Object.entries(levels))
      for (const name of names.split(' ')) actions.push({ service, name, level: level as AccessLevel });
  return { version, actions };
}

let spellings: ReadonlyMap<string, readonly string[]> | undefined;

/** Names of a service, by its prefix in lower case. */
function namesOf(service: string): readonly string[] {
  if (spellings === undefined) {
    const found = new Map<string, string[]>();
    for (const { service: of, name } of loadActionCatalogue().actions) {
      const key = of.toLowerCase();
      const names = found.get(key);
      if (names === undefined) found.set(key, [name]);
      else names.push(name);
    }
    spellings = found;
  }
  return spellings.get(service) ?? [];
}

/** `service:Name` or a pattern of it, in AWS's spelling as far as the catalogue has it. */
export function spelledByAws(action: string): string {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const [plain = ''] = name.split(/[*?]/);
  const known = namesOf(service);
  const whole = known.find((one) => one.toLowerCase() === name);
  const begun = known.find((one) => one.toLowerCase().startsWith(plain));
  return `${service}:${whole ?? (begun?.slice(0, plain.length) ?? plain) + name.slice(plain.length)}`;
}
