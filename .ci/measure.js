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

const functions = [];
const identifiers = [];
const types = [];
const values = [];
for (const { tree } of sources) {
  visit(tree, (node) => {
    if (isNamedFunction(node)) functions.push(linesOf(tree, node));
    if (ts.isIdentifier(node)) identifiers.push(node.text.length);
    if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) types.push(node.name.text);
  });
  for (const statement of tree.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) values.push(statement.name.text);
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) values.push(name.text);
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
const folders = counts(files.map((path) => relative(root, dirname(path)) || '.'));
const [fullest, most] = [...folders].sort((a, b) => b[1] - a[1])[0];
const naming = (pattern) => sources.filter(({ text }) => pattern.test(text)).length;
const total = lines.reduce((sum, one) => sum + one, 0);

const measures = {
  files: files.length,
  lines: total,
  'lines that are comments': share(
    sources.reduce((sum, { text }) => sum + commentLines(text), 0),
    total,
  ),
  'lines of a file: median, 90 %, longest': [at(lines, 0.5), at(lines, 0.9), at(lines, 1)],
  'files over 400 lines': files.filter((_, index) => lines[index] > 400).map((path) => relative(root, path)),
  'named functions': functions.length,
  'lines of a function: median, 90 %, 99 %, longest': [0.5, 0.9, 0.99, 1].map((part) => at(functions, part)),
  'imports of a file': (
    sources.reduce((sum, { tree }) => sum + tree.statements.filter(ts.isImportDeclaration).length, 0) / files.length
  ).toFixed(1),
  'cycles of files, values': cyclesIn(edges(({ type }) => !type)),
  'cycles of files, types too': cyclesIn(edges(() => true)),
  'letters of an identifier': (identifiers.reduce((sum, one) => sum + one, 0) / identifiers.length).toFixed(1),
  'types whose name another has': `${share(colliding(types), types.length)} (${colliding(types)} of ${types.length})`,
  'types named by one word': share(types.filter(oneWord).length, types.length),
  'top-level values whose name another has': `${share(colliding(values), values.length)} (${colliding(values)} of ${values.length})`,
  'files whose base name another has': colliding(files.map((path) => basename(path))),
  'most files in one folder': `${most} in ${fullest}`,
  'files that name the kind rcp': naming(/['"]rcp['"]|\brcps?\b/),
  'files that name the kind permission-set': naming(/['"]permission-set['"]/),
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
