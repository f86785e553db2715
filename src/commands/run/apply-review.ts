/** A filled-in review, carried out: a branch without the entries that are to be removed. */
import { readFile } from 'node:fs/promises';
import { planBetween } from '../../approve/between.ts';
import { branchWriter } from '../../github/git-branch.ts';
import { editedFiles } from '../../import/adopt/files.ts';
import type { AdoptedFile } from '../../import/adopt/files.ts';
import { isRefused, textIn } from '../../import/edit/repo.ts';
import { readDecisions } from '../../import/review/decisions.ts';
import type { ReviewDecision } from '../../import/review/decisions.ts';
import { withoutEntries } from '../../import/review/removal.ts';
import { everyLine } from '../../import/review/review-rows.ts';
import type { ReviewLine } from '../../import/review/review-rows.ts';
import { dayOf } from '../../model/days.ts';
import type { Desired } from '../../model/desired.ts';
import { entitledRoleName, grantsOf } from '../../model/resource.ts';
import { problemsText } from '../../render/problems.ts';
import { outcomeJson, outcomeText, removalMessage } from '../../render/review-pull.ts';
import type { ReviewOutcome } from '../../render/review-pull.ts';
import { terminal } from '../../render/untrusted.ts';
import { counted } from '../../render/words.ts';
import { withChanges } from '../adopt.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { readRepository, withFiles } from './repository.ts';
import { committedAccess } from './review-input.ts';
import type { CommittedAccess } from './review-input.ts';

/** A spreadsheet may write UTF-16, which its first two bytes say. */
const textOfFile = (bytes: Buffer): string =>
  new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);

type Removal = { readonly line: ReviewLine; readonly note: string };

const goneWords = ({ line, about }: ReviewDecision): string =>
  `line ${line}: ${about}: no entry says this any more; it was changed or is gone since the review`;

type Decided = {
  readonly removals: readonly Removal[];
  readonly refused: readonly string[];
  readonly kept: number;
  readonly undecided: readonly string[];
};

const decidedOn = (decisions: readonly ReviewDecision[], lines: readonly ReviewLine[]): Decided => {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const asked = [
    ...new Map(decisions.filter(({ decision }) => decision === 'remove').map((one) => [one.id, one])).values(),
  ];
  const words = new Map(
    decisions.filter(({ decision }) => decision !== undefined).map((one) => [one.id, one.decision]),
  );
  const rest = [...new Map(decisions.map((one) => [one.id, one])).values()];
  return {
    removals: asked.flatMap(({ id, note }) => {
      const line = byId.get(id);
      return line === undefined ? [] : [{ line, note }];
    }),
    refused: asked.filter(({ id }) => !byId.has(id)).map(goneWords),
    kept: rest.filter(({ id }) => words.get(id) === 'keep').length,
    undecided: rest.filter(({ id }) => !words.has(id)).map(({ line, about }) => `line ${line}: ${about}`),
  };
};

const MOST_SAID = 20;

const sayAll = (context: CommandContext, title: string, sentences: readonly string[]): void => {
  if (sentences.length === 0) return;
  context.err(title);
  for (const sentence of sentences.slice(0, MOST_SAID)) context.err(`  ${terminal(sentence)}`);
  if (sentences.length > MOST_SAID) context.err(`  … and ${sentences.length - MOST_SAID} more`);
};

/** What of it another entry of the same group or user still gives. */
const stillGiven = (removals: readonly Removal[], { state }: Desired): readonly string[] => {
  const given = grantsOf(state);
  return removals.flatMap(({ line: { kind, holder, what, accounts } }) => {
    if (kind === 'membership') return [];
    const still = given.filter(
      (grant) =>
        grant.kind === kind &&
        grant.principal.type === holder.type &&
        grant.principal.name === holder.name &&
        (grant.kind === 'assignment' ? grant.permissionSet : entitledRoleName(grant)) === what &&
        accounts.includes(grant.account),
    );
    const names = still.map(({ account }) => account).join(', ');
    return still.length === 0 ? [] : [`Another entry still gives ${holder.name} ${what} in ${names}.`];
  });
};

type Proposed = { readonly changes: readonly AdoptedFile[]; readonly after: Desired };

/** Nothing after it was said why. */
const proposed = async (
  context: CommandContext,
  { repo, files }: CommittedAccess,
  removals: readonly Removal[],
): Promise<Proposed | undefined> => {
  const edited = withoutEntries(
    repo,
    removals.map(({ line }) => line),
  );
  if (isRefused(edited)) {
    context.err(`Nothing is written: ${edited.refused}`);
    return undefined;
  }
  const changes = editedFiles(files, edited);
  const { desired, problems } = await readRepository(withFiles(context, withChanges(files, changes)));
  if (desired !== undefined) return { changes, after: desired };
  const errors = problems.filter(({ severity }) => severity === 'error');
  context.err(`Nothing is written: validate would refuse it\n${problemsText(errors, context.paint)}`);
  return undefined;
};

const committedBranch = async (
  context: CommandContext,
  access: CommittedAccess,
  { decided, proposal }: { readonly decided: Decided; readonly proposal: Proposed },
): Promise<ReviewOutcome> => {
  const { changes, after } = proposal;
  const day = dayOf(context.now);
  const writer = branchWriter(context.runGit, context.options.dir);
  const branch = await writer.freeBranch(`access-review-${day}`);
  const removed = decided.removals.map(({ line, note }) => ({ ...line, note }));
  const message = removalMessage({ removed, day });
  const commit = await writer.commitOn(branch, { parent: access.head, message, files: changes });
  return {
    ...decided,
    day,
    branch,
    commit,
    removed,
    notes: stillGiven(decided.removals, after),
    files: changes.map(({ path, text }) => ({ path, text, before: textIn(access.repo, path) })),
    between: planBetween(access.desired, after, context.now),
  };
};

const branched = async (context: CommandContext, access: CommittedAccess, decided: Decided): Promise<ExitCode> => {
  const proposal = await proposed(context, access, decided.removals);
  if (proposal === undefined) return 3;
  const outcome = await committedBranch(context, access, { decided, proposal });
  context.err(`Made the branch ${outcome.branch}. To propose it: git push origin ${outcome.branch}`);
  context.out(context.options.format === 'json' ? outcomeJson(outcome) : outcomeText(outcome));
  return 0;
};

/** 3 where a row names no entry any more, the work tree is not clean or validate would refuse the result; nothing is made then. */
export const applyReview = async (context: CommandContext, file: string): Promise<ExitCode> => {
  const { decisions, errors } = readDecisions(textOfFile(await readFile(file)));
  if (errors.length > 0) {
    sayAll(context, `${file} cannot be read as a review:`, errors);
    return 1;
  }
  const access = await committedAccess(context);
  if (access === undefined) return 1;
  const decided = decidedOn(decisions, everyLine({ ...access, today: dayOf(context.now) }));
  sayAll(context, `${counted(decided.undecided.length, 'row')} not decided:`, decided.undecided);
  if (decided.refused.length > 0) {
    sayAll(context, 'Nothing is removed, as these rows are not what was reviewed. Review anew:', decided.refused);
    return 3;
  }
  if (decided.removals.length === 0) {
    context.err(`Nothing to remove: ${decided.kept} kept.`);
    return 0;
  }
  const dirty = await branchWriter(context.runGit, context.options.dir).uncommitted();
  if (dirty.length > 0) {
    sayAll(context, 'Nothing is removed, as these files are not committed:', dirty);
    return 3;
  }
  return branched(context, access, decided);
};
