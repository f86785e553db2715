/** What IAM and STS answer, for somebody who reads JSON: lists are `member`s, every leaf is text. */

type JsonValue = string | readonly JsonValue[] | { readonly [name: string]: JsonValue };
type XmlElement = { readonly name: string; readonly children: XmlElement[]; text: string };

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#13': '\r' };
const readable = (text: string): string => text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);

const valueOf = ({ children, text }: XmlElement): JsonValue => {
  if (children.length === 0) return readable(text);
  if (children.every(({ name }) => name === 'member')) return children.map(valueOf);
  return Object.fromEntries(children.map((child) => [child.name, valueOf(child)]));
};

/** Of the XML that this sandbox writes: no comments, no CDATA, attributes only for the namespace, which are left out. */
export const jsonOf = (xml: string): JsonValue => {
  const open: XmlElement[] = [{ name: '', children: [], text: '' }];
  for (const [tag, closing, name, text] of xml.matchAll(/<(\/?)([\w.-]+)[^>]*>|([^<]+)/g)) {
    const within = open.at(-1);
    if (within === undefined) break;
    if (text !== undefined) within.text += text;
    else if (closing === '/') open.pop();
    else {
      const element: XmlElement = { name: name ?? '', children: [], text: '' };
      within.children.push(element);
      if (!tag.endsWith('/>')) open.push(element);
    }
  }
  const [root] = open;
  return root === undefined ? '' : valueOf(root);
};

const membersOf = (value: JsonValue | undefined): Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, JsonValue>>) : {};

/** The members of the result, or an error as the JSON protocols write it. */
export const answerIn = (xml: string): Readonly<Record<string, JsonValue>> => {
  const whole = membersOf(jsonOf(xml));
  const [root = '', inner] = Object.entries(whole)[0] ?? [];
  const answer = root === 'Error' ? whole : membersOf(inner);
  const { Error: error } = answer;
  if (error !== undefined)
    return { __type: membersOf(error)['Code'] ?? '', Message: membersOf(error)['Message'] ?? '' };
  const result = Object.keys(answer).find((name) => name.endsWith('Result'));
  if (result !== undefined) return membersOf(answer[result]);
  // S3 has no envelope.
  return root.endsWith('Response') ? {} : { [root]: inner ?? '' };
};
