/** Files that git tracks and must not: whoever builds or runs Gatehouse there would run them unseen. */
import { collector } from '../../desired/rules.ts';
import { listed } from '../../desired/text.ts';
import { committedBuild } from '../../github/committed.ts';
import type { Git } from '../../model/git.ts';
import type { Problem } from '../../model/problem.ts';
import { problemsText } from '../../render/problems.ts';
import type { CommandContext } from './context.ts';

/** One problem for each folder or file at fault, of a commit or tree, or of what is about to be committed. */
export const committedProblems = async (git: Git, treeish?: string): Promise<readonly Problem[]> => {
  const [first, ...others] = committedBuild(await git.paths(treeish));
  if (first === undefined) return [];
  const { report, problems } = collector();
  const more = others.length === 0 ? '' : `, and so are ${listed(others)}`;
  report({
    at: { file: first, line: 1, column: 1 },
    rule: 'committed-build',
    message: `is tracked by git${more}`,
    hint: 'Remove what tools make from the repository (git rm -r --cached), and keep it in .gitignore.',
  });
  return problems();
};

/** Whether a commit was refused for what it holds, which was said. */
export const refusesCommitted = async ({ err, paint }: CommandContext, git: Git, commit: string): Promise<boolean> => {
  const found = await committedProblems(git, commit);
  if (found.length > 0) err(problemsText(found, paint));
  return found.length > 0;
};
