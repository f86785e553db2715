/** 500 accounts, 60 sets, 300 groups, 6,000 assignments: what import takes beyond the read. */
import { importDraftOf } from '../../src/import/draft.ts';
import { NOW, OWNER, account, assignment, group, live, membership, ou, set } from '../support/build.ts';

const number = (index: number, width = 3): string => String(index).padStart(width, '0');

type ImportFigures = {
  readonly seconds: number;
  readonly files: number;
  readonly bytes: number;
  readonly rules: number;
  readonly megabytes: number;
  readonly others: number;
};

export const benchImport = async (): Promise<ImportFigures> => {
  const ous = Array.from({ length: 50 }, (_, index) => ou(index < 10 ? `Top${index}` : `Top${index % 10}/Sub${index}`));
  const accounts = Array.from({ length: 499 }, (_, index) =>
    account(`Account-${number(index)}`, `2${number(index, 11)}`, ous[index % 50]?.path ?? ''),
  );
  const groups = Array.from({ length: 300 }, (_, index) => group(`Group-${number(index)}`));
  const sets = Array.from({ length: 60 }, (_, index) =>
    set(`Set-${number(index)}`, {
      managedPolicies: [`arn:aws:iam::aws:policy/${index % 7 === 0 ? 'AdministratorAccess' : 'ReadOnlyAccess'}`],
    }),
  );
  const assignments = Array.from({ length: 6000 }, (_, index) =>
    assignment(
      `group:Group-${number(index % 300)}`,
      `Set-${number((index % 300) % 60)}`,
      `Account-${number((Math.floor(index / 300) * 50 + (index % 50)) % 499)}`,
    ),
  );
  const members = groups.map(({ name }) => membership(name, 'ada'));
  const whole = live([...ous, ...accounts, ...groups, ...sets, ...assignments, ...members]);
  const began = performance.now();
  const input = {
    live: whole,
    owner: OWNER,
    region: 'eu-west-1',
    fold: 'fold',
    wanted: () => true,
    members: 'all',
    adopt: 'complete',
    now: NOW,
  } as const;
  const draft = await importDraftOf(input, async () => []);
  const bytes = draft.files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const seconds = (performance.now() - began) / 1000;
  const rules = draft.written.groups.reduce((sum, one) => sum + one.assignments.length, 0);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  return { seconds, files: draft.files.length, bytes, rules, megabytes, others: draft.others.length };
};

export const importLine = ({ seconds, files, bytes, rules, megabytes }: ImportFigures): string =>
  `import of 6,000 assignments: ${seconds.toFixed(1)} s beyond the read, ${files} files, ${bytes} bytes, ${rules} rules, ${megabytes} MB resident`;
