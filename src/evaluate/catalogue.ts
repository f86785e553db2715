/** The shipped catalogue of AWS managed policies: names at once, documents when the first one is asked for. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Catalogue } from '../model/catalogue.ts';
import { once } from '../model/lists.ts';
import type { PolicyDocument } from '../model/policy.ts';

/** `versions` has those that are not the first. */
type NamesFile = {
  readonly date: string;
  readonly source: string;
  readonly arns: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, number>>;
};

const file = (name: string): Buffer => readFileSync(new URL(name, import.meta.url));

export const loadCatalogue = once((): Catalogue => {
  const names = once(() => JSON.parse(file('./aws-managed-policies.names.json').toString()) as NamesFile);
  const arns = once(() => new Set(Object.values(names().arns)));
  const documents = once(
    () =>
      JSON.parse(gunzipSync(file('./aws-managed-policies.json.gz')).toString()) as Readonly<
        Record<string, PolicyDocument>
      >,
  );
  return {
    get date() {
      return names().date;
    },
    names: () => Object.keys(names().arns),
    arnOf: (name) => (Object.hasOwn(names().arns, name) ? names().arns[name] : undefined),
    has: (arn) => arns().has(arn),
    version: (arn) => names().versions[arn.slice(arn.lastIndexOf('/') + 1)] ?? 1,
    document: (arn) => (arns().has(arn) ? documents()[arn] : undefined),
  };
});
