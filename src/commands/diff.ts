/** Who gets and who loses what between two plans or two commits. */
import { stat } from 'node:fs/promises';
import { proposalOf } from '../approve/proposal.ts';
import type { RuledTree } from '../approve/files-changed.ts';
import { UserError } from '../model/problem.ts';
import { onlyIn } from '../render/only-in.ts';
import { differenceJson, differenceMarkdown, differenceText, isSame } from '../render/difference.ts';
import type { DifferencePart } from '../render/difference.ts';
import { isGit } from './github/head.ts';
import { gitAt, inFolder } from './github/site.ts';
import { readRepositoryTree, withTreeOf } from './github/trees.ts';
import { planIn } from './plan.ts';
import { styleOf } from './run/context.ts';
import type { CommandContext, ExitCode } from './run/context.ts';

type DiffOptions = { readonly from: string; readonly to: string };

const isFile = (name: string): Promise<boolean> =>
  stat(name).then(
    (found) => found.isFile(),
    () => false,
  );

const betweenPlans = async ({ from, to }: DiffOptions): Promise<readonly DifferencePart[]> => {
  const [one, other] = [await planIn(from, 'compared'), await planIn(to, 'compared')];
  if (one.organization !== other.organization)
    throw new UserError(`${from} is a plan of ${one.organization}, ${to} one of ${other.organization}`);
  return [
    { title: `Only ${from} does this`, plan: onlyIn(one, other), said: [] },
    { title: `Only ${to} does this`, plan: onlyIn(other, one), said: [] },
  ];
};

const treeAt = async (context: CommandContext, name: string): Promise<RuledTree> => {
  const { dir } = context.options;
  const git = gitAt(context, dir);
  const commit = await git.commit(name);
  if (commit === undefined)
    throw new UserError(
      `"${name}" is neither a plan file nor a commit, branch or tag of ${dir}: git log shows commits`,
    );
  const { tree, problems } = await withTreeOf(git, commit, (folder) => readRepositoryTree(inFolder(context, folder)));
  if (tree !== undefined) return tree;
  const [first] = problems.filter(({ severity }) => severity === 'error');
  const place = first === undefined ? '' : `: ${first.file}:${first.line} ${first.message}`;
  throw new UserError(`the files of ${name} have errors${place}`);
};

const betweenCommits = async (
  context: CommandContext,
  { from, to }: DiffOptions,
): Promise<readonly DifferencePart[]> => {
  const { dir } = context.options;
  if (!(await isGit(context, dir)))
    throw new UserError(`${dir} is not the top of a git checkout; commits are compared there, plan files anywhere`);
  const [base, head] = [await treeAt(context, from), await treeAt(context, to)];
  const { plan, dates, said } = proposalOf({ base, head }, { paths: [], now: context.now });
  const whole = dates.length === 0 ? plan : { ...plan, dates };
  return [{ title: `From ${from} to ${to}`, plan: whole, said: said.map(({ text, risk }) => `${text} (${risk})`) }];
};

/** 2 where they differ. Two files are plans, and all else is commits. */
export const diffCommand = async (context: CommandContext, options: DiffOptions): Promise<ExitCode> => {
  const [from, to] = [await isFile(options.from), await isFile(options.to)];
  if (from !== to) {
    const [file, other] = from ? [options.from, options.to] : [options.to, options.from];
    throw new UserError(`${file} is a file and ${other} is none: compare two plan files or two commits`);
  }
  const parts = from ? await betweenPlans(options) : await betweenCommits(context, options);
  const said = {
    json: () => differenceJson(parts),
    markdown: () => differenceMarkdown(parts),
    text: () => differenceText(parts, styleOf(context)),
  }[context.options.format];
  context.out(said());
  return parts.every(isSame) ? 0 : 2;
};
