/** The credential report: asked for, waited for, then a table of every user and the root user. */
import type { SandboxOperation } from '../core.ts';
import { AwsError, secondsIso } from '../core.ts';
import type { AccessKey, IamAccount, SandboxIamUser } from './state.ts';
import { iamOf } from './state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** A report is made at most once in four hours ("Getting credential reports for your AWS account"). */
const validFor = 4 * 60 * 60 * 1000;

const columns = [
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation',
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region',
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date',
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active',
  'cert_2_last_rotated',
].join(',');

/** The report writes whole seconds and an offset. */
const dateOf = (iso: string): string => iso.replace(/(\.\d+)?Z$/, '+00:00');

const keyCells = (key: AccessKey | undefined): readonly string[] => {
  if (key === undefined) return ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
  const { date, region, service } = key.lastUsed ?? {};
  return [
    String(key.status === 'Active'),
    dateOf(key.CreateDate),
    date === undefined ? 'N/A' : dateOf(date),
    region ?? 'N/A',
    service ?? 'N/A',
  ];
};

const keysAndCertificates = (keys: readonly AccessKey[]): readonly string[] => [
  ...keyCells(keys[0]),
  ...keyCells(keys[1]),
  ...['false', 'N/A', 'false', 'N/A'],
];

const userRow = (user: SandboxIamUser): readonly string[] => {
  const { login } = user;
  const password =
    login === undefined
      ? ['false', 'N/A', 'N/A', 'N/A']
      : [
          'true',
          login.lastUsed === undefined ? 'no_information' : dateOf(login.lastUsed),
          dateOf(login.changed),
          'N/A',
        ];
  const mfa = String(user.mfa.length > 0);
  return [user.UserName, user.Arn, dateOf(user.CreateDate), ...password, mfa, ...keysAndCertificates(user.keys)];
};

const rootRow = (account: string, { root }: IamAccount): readonly string[] => {
  const used = root.password?.lastUsed;
  const password = ['not_supported', used === undefined ? 'no_information' : dateOf(used), 'not_supported'];
  return [
    '<root_account>',
    `arn:aws:iam::${account}:root`,
    dateOf(root.created),
    ...password,
    'not_supported',
    String(root.mfa),
    ...keysAndCertificates(root.keys),
  ];
};

const written = (account: string, iam: IamAccount): string =>
  [columns, ...[rootRow(account, iam), ...Object.values(iam.users).map(userRow)].map((row) => row.join(','))].join(
    '\n',
  );

const generate: SandboxOperation<SandboxWorld> = (world, _input, call) => {
  const iam = iamOf(world, call.account);
  const { report } = iam;
  const isOver = report?.generatedAt !== undefined && call.now - report.generatedAt >= validFor;
  if (report === undefined || isOver) {
    iam.report = { startedAt: call.now };
    return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
  }
  if (report.generatedAt !== undefined) return { State: 'COMPLETE' };
  if (call.now - report.startedAt < world.settings.credentialReportMs) return { State: 'INPROGRESS' };
  iam.report = { ...report, generatedAt: call.now, content: written(call.account, iam) };
  return { State: 'COMPLETE' };
};

const get: SandboxOperation<SandboxWorld> = (world, _input, call) => {
  const { report } = iamOf(world, call.account);
  if (report === undefined) throw new AwsError('ReportNotPresent', '', { status: 410 });
  const { content, generatedAt } = report;
  if (content === undefined || generatedAt === undefined)
    throw new AwsError('ReportInProgress', 'The report is being generated.', { status: 404 });
  if (call.now - generatedAt >= validFor)
    throw new AwsError('ReportExpired', 'The report is older than 4 hours; generate another.', { status: 410 });
  return {
    Content: Buffer.from(content).toString('base64'),
    ReportFormat: 'text/csv',
    GeneratedTime: secondsIso(generatedAt),
  };
};

export const credentialReportOperations: WorldOperations = {
  GenerateCredentialReport: generate,
  GetCredentialReport: get,
};
