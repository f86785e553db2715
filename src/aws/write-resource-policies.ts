/** Writes of the policies of resources: one call each, with a look before and after it. */
import { resourceOfArn } from '../kinds/resource-policies.ts';
import { minified } from '../model/policy.ts';
import type { ResourcePolicy } from '../model/resource.ts';
import { confirm } from './confirm.ts';
import { idIn } from './ids.ts';
import { isArrived } from './moved.ts';
import { policyCallsOf, readDeclaredPolicy } from './resources/declared.ts';
import { NoResource } from './resources/policy-calls.ts';
import type { WriteContext } from './writing.ts';

type WrittenEnds = { readonly before: ResourcePolicy | undefined; readonly after: ResourcePolicy | undefined };

/** Milliseconds: S3 and SNS may show the old policy for a while; IAM's principals behind it take seconds. */
const looks: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

const written = async (
  writing: WriteContext,
  policy: ResourcePolicy,
  { before, after }: WrittenEnds,
): Promise<void> => {
  const { connection, accounts, ids } = writing;
  const id = idIn(ids.accounts, policy.account, 'account');
  const calls = await policyCallsOf({ connection, accounts }, { ...policy, id });
  const read = () => readDeclaredPolicy(calls, policy);
  const passed = writing.passed.get(`resource-policy/${policy.resource}`) ?? [];
  if (isArrived(await read(), { states: [before, ...passed], after }) && passed.length === 0) return;
  await (after === undefined ? calls.remove() : calls.put(minified(after.document)));
  await confirm({ clock: connection.clock, read, course: { states: [before, ...passed], after }, looks });
};

/** Whatever there was before: a policy is replaced as a whole. */
export const writeResourcePolicy = async (writing: WriteContext, ends: WrittenEnds): Promise<void> => {
  const policy = ends.after ?? ends.before;
  if (policy === undefined) return;
  try {
    await written(writing, policy, ends);
  } catch (thrown) {
    if (!(thrown instanceof NoResource)) throw thrown;
    const word = resourceOfArn(policy.resource)?.word ?? 'resource';
    throw new Error(`there is no such ${word} any more: ${policy.resource}`);
  }
};
