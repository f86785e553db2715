/** Account security that is read, not written. */
import { readAudit } from '../aws/audit/read.ts';
import { audit } from '../evaluate/audit/audit.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import { createWorld } from '../evaluate/policies-of.ts';
import type { AccountFacts, AdministratorUser, AuditFacts, AuditReport } from '../model/audit.ts';
import type { Desired } from '../model/desired.ts';
import { stateOf } from '../model/resource.ts';
import type { CustomerPolicy } from '../model/resource.ts';
import { administratorAction, administratorUsers } from '../import/administrators.ts';
import { auditJson, auditMarkdown, auditText } from '../render/audit.ts';
import { connectCommand } from './run/connect.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { styleOf } from './run/context.ts';
import { cloudOf } from './run/live-plan.ts';
import { desiredOrProblems } from './run/repository.ts';
import { askerFor } from '../questions/why.ts';

/** The policies of every account: a plan reads the IAM of those alone in which something is declared. */
const policiesIn = (account: AccountFacts): readonly CustomerPolicy[] =>
  (account.policies ?? []).map((policy) => ({ kind: 'policy', account: account.account, ...policy, tags: {} }));

type AuditFrame = { readonly managementAccount: string; readonly now: string };

export const administratorsIn = async (
  { live, accounts, region }: AuditFacts,
  { managementAccount, now }: AuditFrame,
): Promise<readonly AdministratorUser[]> => {
  const world = createWorld({
    state: { ...live.state, ...stateOf(accounts.flatMap(policiesIn)) },
    catalogue: loadCatalogue(),
    origins: {},
    region,
    organization: live.organization,
    managementAccount,
    iamUsers: accounts.flatMap(({ iamUsers = [] }) => iamUsers),
  });
  return administratorUsers(await askerFor(world, administratorAction, now));
};

const reportOf = async (context: CommandContext, desired: Desired): Promise<AuditReport> => {
  const connection = await connectCommand(context, desired);
  const { settings, managementAccount, state } = desired;
  const live = await cloudOf(connection, desired).read();
  const { memberRole, region, waivers } = settings;
  const { clients, clock } = connection;
  const read = await readAudit(clients, { live, region, clock, ...(memberRole === undefined ? {} : { memberRole }) });
  await connection.save();
  const facts = { ...read, live };
  return audit(facts, {
    now: context.now,
    managementAccount,
    waivers,
    declared: new Set(Object.keys(state)),
    memberRole: memberRole?.name ?? '',
    administrators: await administratorsIn(facts, { managementAccount, now: context.now }),
  });
};

/** Exit 2 on findings; 1 when there are none but something could not be read: what is unknown is not clean. */
export const auditCommand = async (context: CommandContext): Promise<ExitCode> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return 1;
  const report = await reportOf(context, desired);
  const text = {
    json: () => auditJson(report),
    markdown: () => auditMarkdown(report),
    text: () => auditText(report, styleOf(context)),
  }[context.options.format];
  context.out(text());
  if (report.findings.length > 0) return 2;
  return report.unread.length > 0 ? 1 : 0;
};
