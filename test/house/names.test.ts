import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { grouped } from '../../src/model/lists.ts';

const source = join(import.meta.dirname, '../../src');

/** Rooms in which every type has a name of its own. */
const clear: readonly string[] = ['aws', 'commands', 'doctor', 'github', 'render', 'sandbox', 'cli.ts'];

type Declaration = {
  readonly name: string;
  readonly file: string;
  readonly isType: boolean;
  readonly isExported: boolean;
};

const namesOf = (statement: ts.Statement): readonly string[] => {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ''));
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
};

const declarationsIn = (file: string, text: string): readonly Declaration[] =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements.flatMap((statement) => {
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return namesOf(statement).map((name) => ({ name, file, isType, isExported }));
  });

const declarations = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)))
  // What runs in the browser imports nothing of the rest, and nothing imports it.
  .filter((file) => !file.startsWith('report/page/'))
  .flatMap((file) => declarationsIn(file, readFileSync(join(source, file), 'utf8')));

/** "Name: a.ts, b.ts" for each name that two of them have. */
const shared = (all: readonly Declaration[], counts: (one: Declaration) => boolean = () => true): readonly string[] =>
  [...grouped(all, ({ name }) => name)]
    .filter(([, found]) => found.length > 1 && found.some(counts))
    .map(([name, found]) => `${name}: ${found.map(({ file }) => file).join(', ')}`);

const isInClearRoom = ({ file }: Declaration): boolean => clear.includes(file.split('/')[0] ?? '');

describe('a name means one thing', () => {
  it('no type of a clear room shares its name with another type', () => {
    expect(
      shared(
        declarations.filter(({ isType }) => isType),
        isInClearRoom,
      ),
    ).toEqual([]);
  });

  it('no export shares its name with another export', () => {
    expect(shared(declarations.filter(({ isExported }) => isExported))).toEqual([]);
  });

  it('at most 9 % of all types share their name with another', () => {
    const types = declarations.filter(({ isType }) => isType);
    const alike = [...grouped(types, ({ name }) => name).values()].filter((found) => found.length > 1).flat();
    expect(alike.length / types.length).toBeLessThan(0.09);
  });

  it('finds two of the same name', () => {
    const text = 'type Twice = string;\nexport const twice = 1;\n';
    const found = ['render/a.ts', 'model/b.ts'].flatMap((file) => declarationsIn(file, text));
    expect(shared(found)).toEqual(['Twice: render/a.ts, model/b.ts', 'twice: render/a.ts, model/b.ts']);
    expect(shared(declarationsIn('model/b.ts', text + text), isInClearRoom)).toEqual([]);
  });
});
