/** IAM's credential report: asked for, waited for, and read as users. */
import type { IAM } from '@aws-sdk/client-iam';
import type { AuditKey, AuditUser } from '../../model/audit.ts';
import type { Clock } from '../clock.ts';

/** What a cell says where there is nothing to say. */
const nothing: readonly string[] = ['N/A', 'no_information', 'not_supported', ''];

type ReportRow = Readonly<Record<string, string>>;

const optional = <K extends string>(key: K, cell: string | undefined): { readonly [P in K]?: string } =>
  cell === undefined || nothing.includes(cell) ? {} : ({ [key]: cell } as { [P in K]: string });

/** Names and ARNs hold no comma and no quotation mark, so that the report is a plain table. */
const rowsOf = (csv: string): readonly ReportRow[] => {
  const [head = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
};

const keyOf = (row: ReportRow, number: 1 | 2): readonly AuditKey[] => {
  const prefix = `access_key_${number}`;
  const rotated = optional('rotated', row[`${prefix}_last_rotated`]);
  if (rotated.rotated === undefined) return [];
  const active = row[`${prefix}_active`] === 'true';
  return [{ number, active, ...rotated, ...optional('lastUsed', row[`${prefix}_last_used_date`]) }];
};

const passwordOf = (row: ReportRow): Pick<AuditUser, 'password'> =>
  row['password_enabled'] === 'true'
    ? {
        password: {
          ...optional('changed', row['password_last_changed']),
          ...optional('lastUsed', row['password_last_used']),
        },
      }
    : {};

const userOf = (row: ReportRow): AuditUser => ({
  name: row['user'] ?? '',
  created: row['user_creation_time'] ?? '',
  ...passwordOf(row),
  mfa: row['mfa_active'] === 'true',
  keys: [...keyOf(row, 1), ...keyOf(row, 2)],
});

/** Every IAM user; the root user, whose row says less than GetAccountSummary, is left out. */
export const usersIn = (csv: string): readonly AuditUser[] =>
  rowsOf(csv)
    .filter(({ user }) => user !== '<root_account>')
    .map(userOf);

const patience = { tries: 60, wait: 2000 };

/** Rejects when the report is not there after two minutes. */
export const readUsers = async (iam: IAM, clock: Clock): Promise<readonly AuditUser[]> => {
  for (let tries = 0; (await iam.generateCredentialReport({})).State !== 'COMPLETE'; tries += 1) {
    if (tries >= patience.tries) throw new Error('the credential report was not ready after two minutes');
    await clock.sleep(patience.wait);
  }
  const { Content } = await iam.getCredentialReport({});
  return usersIn(new TextDecoder().decode(Content));
};
