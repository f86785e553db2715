/** What a journal may say, whenever its process ends: lines that can be read, no secrets, and nothing that was not begun. */

type Line = Readonly<Record<string, string>>;

const fields = ['time', 'event', 'organization', 'fingerprint', 'id', 'action', 'key', 'reason'];
const results = ['done', 'failed', 'held'];

export const journalOf = (broken: (violation: string) => void) => {
  const open = new Set<string>();
  const settled = new Set<string>();
  const check = (line: Line): void => {
    const { event = '', id = '', key = '' } = line;
    if (event === 'started') open.add(id);
    if (!results.includes(event)) return;
    if (settled.has(id)) broken(`the journal says twice what became of ${key}`);
    if (event === 'done' && !open.has(id)) broken(`the journal says done of ${key}, which was not begun`);
    open.delete(id);
    settled.add(id);
  };
  const record = (text: string): void => {
    const line = JSON.parse(text) as Line;
    const strange = Object.keys(line).find((field) => !fields.includes(field));
    if (strange !== undefined || !text.endsWith('}\n')) broken(`the journal holds ${strange ?? 'half a line'}`);
    // Documents are nobody's business but the plan's.
    if (text.includes('Statement')) broken(`the journal tells a document: ${text}`);
    check(line);
  };
  return { record, isOpen: (): boolean => open.size > 0 };
};
