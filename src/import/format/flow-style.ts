/** Scalars and what stands in brackets, spelled as `import` spells them. */
import { CST } from 'yaml';
import { flowText, lineText } from '../write/text.ts';
import { formBelow, inKeyOrder } from '../write/key-order.ts';
import type { ValueForm } from '../write/key-order.ts';

export type FlowScalarToken = CST.FlowScalar;

/** YAML 1.1 takes them for truth values, and 1.2 does not. */
const doubtful = /^(yes|no|on|off|y|n)$/i;

/** Of these the quotes are taken off; around an ARN, a pattern or a key with a colon somebody may want them. */
const plainWords = /^[A-Za-z][\w .,@-]*$/;

/** A scalar over several lines is folded as somebody wanted it. */
export const scalarText = (token: FlowScalarToken, place: 'flow' | 'line'): string => {
  const { source, type } = token;
  if (source.includes('\n') || (type === 'scalar' && !doubtful.test(source))) return source;
  const { value } = CST.resolveAsScalar(token, false, () => undefined);
  if (!plainWords.test(value)) return JSON.stringify(value);
  return place === 'flow' ? flowText(value) : lineText(value);
};

const closer = (token: CST.FlowCollection): CST.SourceToken | undefined =>
  token.end.find(({ type }) => type === 'flow-seq-end' || type === 'flow-map-end');

/** The tokens behind the closing bracket. */
export const behindFlow = (token: CST.FlowCollection): readonly CST.SourceToken[] => {
  const last = closer(token);
  return last === undefined ? token.end : token.end.slice(token.end.indexOf(last) + 1);
};

const sourceOf = (token: CST.FlowCollection): string => {
  const last = closer(token);
  return CST.stringify({ ...token, end: last === undefined ? [] : token.end.slice(0, token.end.indexOf(last) + 1) });
};

export const isFlowScalar = (token: CST.Token | null | undefined): token is FlowScalarToken =>
  token?.type === 'scalar' || token?.type === 'single-quoted-scalar' || token?.type === 'double-quoted-scalar';

/** The value of a key as text. */
export const keyName = (token: FlowScalarToken): string => CST.resolveAsScalar(token, false, () => undefined).value;

const itemText = (token: CST.Token | undefined, form: ValueForm): string | undefined => {
  if (isFlowScalar(token)) return scalarText(token, 'flow');
  return token?.type === 'flow-collection' ? flowLine(token, form) : undefined;
};

const seqItems = (token: CST.FlowCollection, form: ValueForm): readonly (string | undefined)[] =>
  token.items
    .filter(({ key, value }) => key !== undefined || value !== undefined)
    .map(({ key, value }, index) => (key === undefined ? itemText(value, formBelow(form, index)) : undefined));

const mapItems = (token: CST.FlowCollection, form: ValueForm): readonly (string | undefined)[] => {
  const items = token.items
    .filter(({ key, value }) => key !== undefined || value !== undefined)
    .map(({ key, value }) => {
      const name = isFlowScalar(key) ? keyName(key) : '';
      const text = itemText(value, formBelow(form, name));
      return {
        name,
        text: text === undefined || !isFlowScalar(key) ? undefined : `${scalarText(key, 'flow')}: ${text}`,
      };
    });
  return inKeyOrder(items, form, ({ name }) => name).map(({ text }) => text);
};

/** On its line in the writer's spacing; as it is where it has lines or comments of its own, or something unusual. */
export const flowLine = (token: CST.FlowCollection, form: ValueForm): string => {
  const source = sourceOf(token);
  if (source.includes('\n')) return source;
  const isMap = token.start.type === 'flow-map-start';
  const items = isMap ? mapItems(token, form) : seqItems(token, form);
  if (items.includes(undefined)) return source;
  if (items.length === 0) return isMap ? '{}' : '[]';
  return isMap ? `{ ${items.join(', ')} }` : `[${items.join(', ')}]`;
};
