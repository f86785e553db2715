/** What somebody with the right approved by starting the apply workflow with a fingerprint. */
import { readFile } from 'node:fs/promises';
import { mayStart } from '../../approve/ballot.ts';
import type { GitHub } from '../../model/github.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { UserError } from '../../model/problem.ts';
import { parsePlan } from '../../plan/carry/parse-plan.ts';
import type { CommandContext } from '../run/context.ts';
import { partWith } from '../../approve/fingerprints.ts';
import { mattersOf } from '../../approve/matters.ts';
import type { Approvable } from '../../approve/requirements.ts';
import { requirementText, requirementsOf } from '../../approve/requirements.ts';
import { voterOf } from '../../approve/reviews.ts';

export type ByHandOptions = { readonly fingerprint?: string; readonly plan?: string };

/** The part of the plan file that the fingerprint stands for; ids and fingerprint are computed again from its changes. */
export const approvedByHand = async ({ fingerprint, plan: file }: ByHandOptions): Promise<Plan | undefined> => {
  if (fingerprint === undefined && file === undefined) return undefined;
  if (fingerprint === undefined || file === undefined)
    throw new UserError('--fingerprint and --plan go together: what is approved, and the file that holds it');
  const parsed = parsePlan(await readFile(file, 'utf8'));
  if ('problem' in parsed) throw new UserError(`${file} is not a plan that can be approved: ${parsed.problem}`);
  const part = partWith(parsed.plan, fingerprint);
  if (part === undefined) throw new UserError(`${file} holds nothing whose fingerprint is ${fingerprint}`);
  return part;
};

type StartedRun = { readonly github: GitHub; readonly branch: string };

/** Both who began the run and who began it again. Throws UserError unless the run was started by hand on main. */
const peopleOf = async (context: CommandContext, { github, branch }: StartedRun): Promise<readonly string[]> => {
  const id = Number(context.env['GITHUB_RUN_ID']);
  if (!Number.isSafeInteger(id) || id <= 0)
    throw new UserError(
      'a fingerprint is approved by starting the apply workflow by hand: there is no workflow run here',
    );
  const run = await github.workflowRun(id);
  if (run.event !== 'workflow_dispatch' || run.branch !== branch)
    throw new UserError(
      `a fingerprint is approved by starting the apply workflow by hand on ${branch}, not by ${run.event} on ${run.branch}`,
    );
  return [...new Set([run.actor, run.triggeringActor])];
};

export type HandApproval = {
  /** Of the plan as it is computed now: what the fingerprint would let through, with its risks of now. */
  readonly changes: readonly Change[];
  readonly desired: Desired;
  readonly live: Live;
};

/** What is to go has no line that asks for it: whoever is listed for any path is asked. */
const proposalFor = ({ changes, desired, live }: HandApproval): Approvable => {
  const scenery = { trees: [desired], live };
  return {
    matters: mattersOf(scenery)({ changes, access: [] }),
    paths: changes.flatMap(({ origin }) => origin?.file ?? '*'),
    scenery,
  };
};

/** Throws UserError when one of the people is not listed where the settings of main ask for it. */
export const requireStarters = async (
  context: CommandContext,
  started: StartedRun,
  asked: HandApproval,
): Promise<void> => {
  const requirements = requirementsOf(proposalFor(asked), [asked.desired]);
  for (const login of await peopleOf(context, started)) {
    const { voter } = await voterOf(started.github, login, requirements);
    if (mayStart(requirements, voter)) continue;
    const needed = requirements.map(requirementText).join('; ');
    throw new UserError(
      `${login} may not approve this by hand: it takes somebody of each of ${needed}. Nothing was written.`,
    );
  }
};
