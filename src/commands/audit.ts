/** Account security that is read, not written. */
import { readAudit } from '../aws/audit/read.ts';
import { audit } from '../evaluate/audit/audit.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import { isOpenToAnybody, thirdPartiesIn } from '../evaluate/trust/judge.ts';
import { createWorld } from '../evaluate/policies-of.ts';
import type { AccessWorld } from '../evaluate/policies-of.ts';
import { openingsIn } from '../evaluate/resources/openings.ts';
import type { AccountFacts, AuditContext, AuditFacts, AuditReport } from '../model/audit.ts';
import type { Desired } from '../model/desired.ts';
import { statements } from '../model/policy.ts';
import { stateOf } from '../model/resource.ts';
import type { CustomerPolicy, Role } from '../model/resource.ts';
import { administratorAction, administratorRoles, administratorUsers } from '../import/administrators.ts';
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

const rolesIn = ({ roles = [] }: AccountFacts): readonly Role[] => roles.flatMap(({ role }) => role ?? []);

type AuditFrame = { readonly managementAccount: string; readonly now: string; readonly owner: string };

const worldOf = ({ live, accounts, region }: AuditFacts, managementAccount: string): AccessWorld =>
  createWorld({
    state: { ...live.state, ...stateOf(accounts.flatMap((one) => [...policiesIn(one), ...rolesIn(one)])) },
    catalogue: loadCatalogue(),
    origins: {},
    region,
    organization: live.organization,
    managementAccount,
    iamUsers: accounts.flatMap(({ iamUsers = [] }) => iamUsers),
  });

type Judged = Pick<AuditContext, 'administrators' | 'openings'>;

/** What is asked of all that was read, and not rule by rule. */
export const judgedIn = async (facts: AuditFacts, { managementAccount, now, owner }: AuditFrame): Promise<Judged> => {
  const { live, accounts } = facts;
  const world = worldOf(facts, managementAccount);
  const asker = await askerFor(world, administratorAction, now);
  const ids = new Set([...world.accounts.values()].map(({ id }) => id));
  const ours = { accounts: ids, organization: live.organization, owner };
  const isOpen = ({ trust }: Role): boolean =>
    statements(trust).some(
      (one) => one.Effect === 'Allow' && (isOpenToAnybody(one) || thirdPartiesIn(one, ours).length > 0),
    );
  const opened = accounts.flatMap(({ resources }) =>
    resources === undefined ? [] : openingsIn(resources, { world, ours }),
  );
  return { administrators: [...administratorUsers(asker), ...administratorRoles(asker, isOpen)], openings: opened };
};

const reportOf = async (context: CommandContext, desired: Desired): Promise<AuditReport> => {
  const connection = await connectCommand(context, desired);
  const { settings, managementAccount, state } = desired;
  const live = await cloudOf(connection, desired).read();
  const { memberRole, region, waivers, resourcePolicies } = settings;
  const { clients, clock } = connection;
  const read = await readAudit(clients, {
    ...{ live, region, clock },
    ...(memberRole === undefined ? {} : { memberRole }),
    ...(resourcePolicies === undefined ? {} : { resourcePolicies }),
  });
  await connection.save();
  const facts = { ...read, live };
  return audit(facts, {
    now: context.now,
    managementAccount,
    waivers,
    declared: new Set(Object.keys(state)),
    memberRole: memberRole?.name ?? '',
    owner: settings.owner,
    ...(await judgedIn(facts, { managementAccount, now: context.now, owner: settings.owner })),
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
