/** Elements made of parts. Text is only ever a text node: nothing here can turn a name into markup. */
import type { SourcePlace, Report, Standing } from '../report.ts';

export type Child = Node | string | number | undefined | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const append = (parent: Node, child: Child): void => {
  if (child === undefined) return;
  if (child instanceof Node) parent.appendChild(child);
  else if (typeof child === 'string' || typeof child === 'number') parent.appendChild(new Text(String(child)));
  else for (const one of child) append(parent, one);
};

/** Only these can lead anywhere: a scheme that runs something is no link. */
const isSafeLink = (href: string): boolean =>
  /^(#|https:\/\/|[\w.%-]+\/|\.{1,2}\/)/.test(href) && !/^\w+:(?!\/\/)/.test(href);

export const el = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === 'href' && !isSafeLink(String(value))) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  append(made, children);
  return made;
};

export const replace = (parent: Element, ...children: readonly Child[]): void => {
  parent.replaceChildren();
  append(parent, children);
};

/** For those who hear the page. */
export const spoken = (text: string): HTMLElement => el('span', { class: 'spoken' }, text);

/** `#/who/group/Ops`: every part may be anything. */
export const route = (...parts: readonly string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;

export const linkTo = (text: string, ...parts: readonly string[]): HTMLElement =>
  el('a', { href: route(...parts) }, text);

const hrefOf = ({ repository, folder }: Report, at: SourcePlace): string | undefined => {
  const cut = at.lastIndexOf(':');
  const [file, line] = [at.slice(0, cut), at.slice(cut + 1)];
  const path = file.split('/').map(encodeURIComponent).join('/');
  if (repository !== undefined) return `${repository}${path}#L${line}`;
  return folder === undefined ? undefined : `${folder}${path}`;
};

/** Where it is written. */
export const placeLink = (report: Report, at: SourcePlace | undefined): Child => {
  if (at === undefined) return undefined;
  const href = hrefOf(report, at);
  const parts = at.split('/').flatMap((part, index) => (index === 0 ? [part] : ['/', el('wbr'), part]));
  return el(href === undefined ? 'span' : 'a', { class: 'place', ...(href === undefined ? {} : { href }) }, parts);
};

const standings: Readonly<Record<Standing, string>> = { added: 'new', removed: 'goes', changed: 'changes' };

export const standingMark = (standing: Standing | undefined): Child =>
  standing === undefined ? undefined : el('span', { class: `standing ${standing}` }, standings[standing]);

export const number = (value: number): string => value.toLocaleString('en-US');

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** A table with a caption that says what it holds; nothing but a sentence where it holds nothing. */
export const table = (
  { caption, empty = 'None.' }: { readonly caption: string; readonly empty?: string },
  columns: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement => {
  if (rows.length === 0) return el('p', { class: 'empty' }, empty);
  const head = el('tr', {}, ...columns.map((name) => el('th', { scope: 'col' }, name)));
  const body = rows.map((cells) =>
    el(
      'tr',
      {},
      ...cells.map((cell, at) =>
        at === 0 ? el('th', { scope: 'row' }, cell) : el('td', { 'data-name': columns[at] ?? '' }, cell),
      ),
    ),
  );
  return el(
    'div',
    { class: 'scroll' },
    el('table', { class: 'plain' }, el('caption', {}, caption), el('thead', {}, head), el('tbody', {}, ...body)),
  );
};

export const section = (title: string, ...children: readonly Child[]): HTMLElement =>
  el('section', {}, el('h2', {}, title), ...children);
