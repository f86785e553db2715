/** The house in figures, from the syntax of src: `npm run measure`, or `-- --json` for what a script compares. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve('src');
const walk = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });

const files = walk(root).sort();
const sources = files.map((path) => {
  const text = readFileSync(path, 'utf8');
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
});

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? 0;
const share = (part, whole) => `${Math.round((100 * part) / whole)} %`;

const linesOf = (tree, node) =>
  tree.getLineAndCharacterOfPosition(node.end).line - tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;

const visit = (node, use) => {
  use(node);
  ts.forEachChild(node, (child) => visit(child, use));
};

const isArrow = (node) => node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
const isNamedFunction = (node) =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  (ts.isVariableDeclaration(node) && isArrow(node.initializer));

const isExported = (node) => (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const parametersOf = (node) => (ts.isVariableDeclaration(node) ? node.initializer.parameters : node.parameters);
/** `{ a, b }: { a: A; b: B }`: a type that has no name, made to pass one parameter more. */
const isBag = ({ name, type }) => ts.isObjectBindingPattern(name) && type !== undefined && ts.isTypeLiteralNode(type);
/** `...(x === undefined ? {} : { x })` */
const isOptionalSpread = (node) =>
  ts.isSpreadAssignment(node) &&
  ts.isParenthesizedExpression(node.expression) &&
  ts.isConditionalExpression(node.expression.expression);

const functions = [];
const parameters = [];
const identifiers = [];
const types = [];
const exportedTypes = [];
const values = [];
const exportedValues = [];
const exportsOf = [];
let bags = 0;
let optionalSpreads = 0;
for (const { tree } of sources) {
  visit(tree, (node) => {
    if (isNamedFunction(node)) {
      functions.push(linesOf(tree, node));
      parameters.push(parametersOf(node).length);
    }
    if (ts.isParameter(node) && isBag(node)) bags += 1;
    if (isOptionalSpread(node)) optionalSpreads += 1;
    if (ts.isIdentifier(node)) identifiers.push(node.text.length);
    if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) {
      types.push(node.name.text);
      if (isExported(node)) exportedTypes.push(node.name.text);
    }
  });
  exportsOf.push(
    tree.statements.reduce((sum, node) => {
      if (!ts.canHaveModifiers(node) || !isExported(node)) return sum;
      return sum + (ts.isVariableStatement(node) ? node.declarationList.declarations.length : 1);
    }, 0),
  );
  for (const statement of tree.statements) {
    const names = [];
    if (ts.isFunctionDeclaration(statement) && statement.name) names.push(statement.name.text);
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) names.push(name.text);
    values.push(...names);
    if (names.length > 0 && isExported(statement)) exportedValues.push(...names);
  }
}

const counts = (names) => {
  const found = new Map();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
};
const colliding = (names) => {
  const found = counts(names);
  return names.filter((name) => found.get(name) > 1).length;
};
const oneWord = (name) => /^[A-Z][a-z]+$/.test(name);

/** Of each file what it imports of src: for values, and for types too. */
const importsOf = ({ path, tree }) =>
  tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    if (from === undefined || !from.text.startsWith('.')) return [];
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
    return [{ to: resolve(dirname(path), from.text), type: clause?.isTypeOnly === true }];
  });

/** Strongly connected components of more than one (Tarjan). */
const cyclesIn = (edges) => {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const connect = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) connect(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const part = stack.splice(stack.indexOf(node));
    if (part.length > 1) found.push(part.map((one) => relative(root, one)).sort());
  };
  for (const node of edges.keys()) if (!index.has(node)) connect(node);
  return found;
};

const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
const edges = (keep) => new Map([...imports].map(([path, all]) => [path, all.filter(keep).map(({ to }) => to)]));

const lines = sources.map(({ text }) => text.split('\n').length);
const commentLines = (text) => text.split('\n').filter((line) => /^\s*(\/\/|\/?\*)/.test(line)).length;
const codeLines = (text) => text.split('\n').filter((line) => /\S/.test(line)).length - commentLines(text);
const byCount = (found) => [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
const folders = byCount(counts(files.map((path) => relative(root, dirname(path)) || '.')));
const naming = (pattern) => sources.filter(({ text }) => pattern.test(text)).length;

/** The kinds, from the nouns themselves: each `kind: '...'` of a type, and the keys of `policyTypes`. */
const nouns = sources.find(({ path }) => path.endsWith('model/resource.ts'))?.text ?? '';
const [, policyTypes = ''] = nouns.match(/policyTypes = \{([^}]*)\}/) ?? [];
const kinds = [
  ...[...nouns.matchAll(/readonly kind: ([^;]+);/g)].flatMap(([, words]) => words.match(/(?<=')[a-z-]+(?=')/g) ?? []),
  ...(policyTypes.match(/[a-z-]+(?=:)/g) ?? []),
].filter((kind, index, all) => all.indexOf(kind) === index);
const kindFiles = byCount(new Map(kinds.map((kind) => [kind, naming(new RegExp(`['"]${kind}['"]`))])));
const importers = counts([...imports.values()].flatMap((all) => [...new Set(all.map(({ to }) => relative(root, to)))]));
const perThousand = (count) => Math.round((1000 * count) / code);
const total = lines.reduce((sum, one) => sum + one, 0);
const code = sources.reduce((sum, { text }) => sum + codeLines(text), 0);
const collisions = (names) => `${share(colliding(names), names.length)} (${colliding(names)} of ${names.length})`;

const measures = {
  files: files.length,
  lines: total,
  'lines of code': code,
  'lines that are comments': share(
    sources.reduce((sum, { text }) => sum + commentLines(text), 0),
    total,
  ),
  'lines of a file: median, 90 %, longest': [at(lines, 0.5), at(lines, 0.9), at(lines, 1)],
  'files over 400 lines': files.filter((_, index) => lines[index] > 400).map((path) => relative(root, path)),
  'named functions': functions.length,
  'lines of a function: median, 90 %, 99 %, longest': [0.5, 0.9, 0.99, 1].map((part) => at(functions, part)),
  'functions of 0, 1, 2, 3, more parameters': [0, 1, 2, 3, 4].map(
    (many) => parameters.filter((count) => (many === 4 ? count > 3 : count === many)).length,
  ),
  'parameters that are an object of a type without a name': bags,
  'properties spread only where they are defined': optionalSpreads,
  'exports of a file: median, 90 %, most': [0.5, 0.9, 1].map((part) => at(exportsOf, part)),
  'most imported': byCount(importers)
    .slice(0, 5)
    .map(([path, count]) => `${count} ${path}`),
  'imports of a file': (
    sources.reduce((sum, { tree }) => sum + tree.statements.filter(ts.isImportDeclaration).length, 0) / files.length
  ).toFixed(1),
  'cycles of files, values': cyclesIn(edges(({ type }) => !type)),
  'cycles of files, types too': cyclesIn(edges(() => true)),
  'letters of an identifier': (identifiers.reduce((sum, one) => sum + one, 0) / identifiers.length).toFixed(1),
  'types in 1,000 lines of code': perThousand(types.length),
  'types whose name another has': collisions(types),
  'exported types whose name another has': collisions(exportedTypes),
  'types named by one word': share(types.filter(oneWord).length, types.length),
  'top-level values in 1,000 lines of code': perThousand(values.length),
  'top-level values whose name another has': collisions(values),
  'exported values whose name another has': collisions(exportedValues),
  'files whose base name another has': colliding(files.map((path) => basename(path))),
  'most files in one folder': `${folders[0][1]} in ${folders[0][0]}`,
  'files in folders of more than ten': folders
    .filter(([, count]) => count > 10)
    .map(([name, count]) => `${count} ${name}`),
  'files that name a kind': kindFiles.map(([kind, count]) => `${count} ${kind}`),
  'files that name relayState': naming(/\brelayState\b/),
};

const textOf = (value) => {
  if (!Array.isArray(value)) return String(value);
  if (value.some(Array.isArray)) return `${value.length}${value.map((part) => `\n    ${part.join(', ')}`).join('')}`;
  return value.length === 0 ? '0' : value.join(' / ');
};

process.stdout.write(
  process.argv.includes('--json')
    ? `${JSON.stringify(measures, undefined, 2)}\n`
    : `${Object.entries(measures)
        .map(([name, value]) => `${name}: ${textOf(value)}`)
        .join('\n')}\n`,
);
