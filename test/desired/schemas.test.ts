import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseSchemas, validatorOf } from '../../src/desired/check-form.ts';
import type { FileKind } from '../../src/desired/check-form.ts';
import { conforms } from '../../src/desired/schema/conforms.ts';
import { fileSchemas } from '../../src/desired/schema/schema.ts';
import { schemas } from '../../src/desired/schemas.ts';
import { desiredOf } from './repository.ts';

const kinds = Object.keys(baseSchemas()) as FileKind[];

test('the committed schemas are those that schema.ts generates', () => {
  expect(readFileSync('src/desired/schemas.json', 'utf8')).toBe(`${JSON.stringify(fileSchemas, null, 1)}\n`);
});

test('the quick check uses every keyword that the schemas use', () => {
  const known =
    /^(\$ref|type|const|enum|anyOf|pattern|(min|max)Length|minimum|items|minItems|uniqueItems|properties|required|additionalProperties|propertyNames|definitions|description|examples|default|x-.*)$/;
  const keywords = (schema: unknown): readonly string[] => {
    if (Array.isArray(schema)) return schema.flatMap(keywords);
    if (typeof schema !== 'object' || schema === null) return [];
    return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
      if (key === 'properties' || key === 'definitions') return Object.values(value as object).flatMap(keywords);
      return key === 'examples' ? [] : [key, ...keywords(value)];
    });
  };
  expect(kinds.flatMap((kind) => keywords(baseSchemas()[kind])).filter((key) => !known.test(key))).toEqual([]);
});

/** Values that are nearly right: drawn from the schema itself, with something else now and then. */
const valueOf = (schema: Record<string, unknown>, root: Record<string, unknown>, depth = 0): fc.Arbitrary<unknown> => {
  const noise = fc.oneof(
    fc.constantFrom(
      null,
      true,
      0,
      1.5,
      '',
      'x',
      'a b',
      '012345678901',
      '2027-01-31',
      '8h',
      'PT',
      '*',
      [],
      {},
      '/a/',
      'a\nb',
    ),
    fc.string({ maxLength: 5 }),
  );
  const usual = (): fc.Arbitrary<unknown> => {
    if (depth > 6) return noise;
    if (schema['$ref'] !== undefined) {
      const definitions = root['definitions'] as Record<string, Record<string, unknown>>;
      return valueOf(definitions['ou'] ?? {}, root, depth + 1);
    }
    if (Array.isArray(schema['anyOf'])) {
      return fc.oneof(...schema['anyOf'].map((branch) => valueOf(branch as Record<string, unknown>, root, depth + 1)));
    }
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
    if (schema['type'] === 'array') {
      return fc.array(valueOf((schema['items'] ?? {}) as Record<string, unknown>, root, depth + 1), { maxLength: 3 });
    }
    if (schema['type'] === 'object') {
      const properties = (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>;
      const required = (schema['required'] ?? []) as string[];
      const inner = Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, valueOf(value, root, depth + 1)]),
      );
      const other = schema['additionalProperties'];
      const extra =
        typeof other === 'object' && other !== null
          ? valueOf(other as Record<string, unknown>, root, depth + 1)
          : noise;
      const known = fc.record(inner, { requiredKeys: required });
      const more = fc.dictionary(fc.constantFrom('a', 'a b', '', 'x\ny', '__proto__'), extra, {
        maxKeys: other === false ? 0 : 2,
      });
      return fc.tuple(known, more).map(([one, two]) => ({ ...one, ...two }));
    }
    if (schema['type'] === 'string' && Array.isArray(schema['examples']))
      return fc.constantFrom(...(schema['examples'] as unknown[]));
    return noise;
  };
  return fc.oneof({ weight: 30, arbitrary: usual() }, { weight: 1, arbitrary: noise });
};

test.each(kinds)('the quick check and ajv agree on what a %s file may be', (kind) => {
  const schema = baseSchemas()[kind] as Record<string, unknown>;
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(valueOf(schema, schema), (value) => {
      const expected = validatorOf(kind)(value);
      seen[expected ? 'right' : 'wrong'] += 1;
      expect(conforms(schema, value)).toBe(expected);
    }),
    { numRuns: 200 },
  );
  expect(seen.wrong).toBeGreaterThan(0);
});

test('the schemas for editors offer the names of the repository and are schemas', () => {
  const own = schemas(desiredOf());
  const text = JSON.stringify(own);
  expect(text).toContain('{"enum":["Management","Prod","Dev","Staging","Play"]}');
  expect(text).toContain('"Workloads/Production"');
  expect(text).toContain('{"enum":["Read","Write"]}');
  expect(text).not.toContain('x-names');
  for (const schema of Object.values(own)) expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
});

test('the schemas without a repository still describe every kind of file', () => {
  expect(Object.keys(schemas()).sort()).toEqual([...kinds].sort());
});
