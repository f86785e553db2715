/**
 * RCPs against the roles of an account: no denial above the account may meet the call ("Resource control policies", AWS
 * Organizations User Guide, https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html). They
 * bind neither resources of the management account nor calls of service-linked roles.
 */
import type { ConditionFacts } from './conditions.ts';
import { conditionHolds } from './conditions.ts';
import { isLike } from './glob.ts';
import { above, typesNow } from '../organizations/look.ts';
import type { SandboxWorld } from '../world.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';

export type RoleCall = {
  /** Of the role. */
  readonly account: string;
  readonly roleArn: string;
  readonly action: string;
  readonly facts: ConditionFacts;
  readonly now: number;
};

const type = 'RESOURCE_CONTROL_POLICY';
const serviceLinked = /^arn:aws:iam::\d{12}:role\/aws-service-role\//;

const documentsAbove = ({ organizations: state }: SandboxWorld, { account, now }: RoleCall): readonly string[] => {
  const place = state.accounts[account];
  if (place === undefined || account === state.management) return [];
  if (!typesNow(state, now).some((one) => one.Type === type && one.Status === 'ENABLED')) return [];
  const targets = new Set([...above(state, place.parent), account]);
  return Object.values(state.policies).flatMap((policy) =>
    policy.Type === type && (state.attachments[policy.Id] ?? []).some((id) => targets.has(id)) ? [policy.Content] : [],
  );
};

const statementsOf = (content: string): readonly PolicyStatement[] => {
  const { Statement: found } = JSON.parse(content) as {
    readonly Statement?: PolicyStatement | readonly PolicyStatement[];
  };
  return found === undefined ? [] : [found].flat();
};

const lists = (patterns: unknown, value: string): boolean =>
  [patterns].flat().some((one) => typeof one === 'string' && isLike(value, one));

const meetsAction = (statement: PolicyStatement, action: string): boolean => {
  const lower = (patterns: unknown): unknown =>
    [patterns].flat().map((one) => (typeof one === 'string' ? one.toLowerCase() : one));
  const name = action.toLowerCase();
  return statement['Action'] === undefined
    ? !lists(lower(statement['NotAction']), name)
    : lists(lower(statement['Action']), name);
};

const meetsResource = (statement: PolicyStatement, arn: string): boolean =>
  statement['Resource'] === undefined ? !lists(statement['NotResource'], arn) : lists(statement['Resource'], arn);

/** What cannot be evaluated denies. */
const meets = (statement: PolicyStatement, { action, roleArn, facts }: RoleCall): boolean =>
  statement['Effect'] === 'Deny' &&
  meetsAction(statement, action) &&
  meetsResource(statement, roleArn) &&
  (conditionHolds(statement['Condition'], facts) ?? true);

/** Whether an RCP above the role's account denies the call. */
export const isDeniedByRcp = (world: SandboxWorld, call: RoleCall): boolean => {
  if (serviceLinked.test(call.facts['aws:principalarn'] ?? '')) return false;
  return documentsAbove(world, call).some((text) => statementsOf(text).some((statement) => meets(statement, call)));
};
