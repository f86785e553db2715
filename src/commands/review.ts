/** Who has what, since when and why, as tables with a place to say keep or remove; and the removals as a branch. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reviewMarkdown } from '../render/review.ts';
import { visibleJson } from '../render/untrusted.ts';
import { counted } from '../render/words.ts';
import { reviewCsv, reviewTable } from '../report/review-table.ts';
import type { AccessReview } from '../model/review.ts';
import { UserError } from '../model/problem.ts';
import { applyReview } from './run/apply-review.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { accessReview } from './run/review-input.ts';
import type { ReviewOptions } from './run/review-input.ts';

type ReviewFlags = ReviewOptions & { readonly out?: string; readonly apply?: string };

const write = async (context: CommandContext, review: AccessReview, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const [csv, markdown] = [join(folder, 'review.csv'), join(folder, 'review.md')];
  await writeFile(csv, reviewCsv(review));
  await writeFile(markdown, `${reviewMarkdown(review, context.own.command)}\n`);
  const asked = review.repository === undefined ? '; GitHub was not asked who approved (--repo OWNER/NAME)' : '';
  const text = `Wrote ${csv} and ${markdown}: ${counted(review.rows.length, 'entry', 'entries')}${asked}.`;
  if (context.options.format === 'text') context.out(text);
  else context.err(text);
};

const print = (context: CommandContext, review: AccessReview): void => {
  if (context.options.format === 'markdown') context.out(reviewMarkdown(review, context.own.command));
  if (context.options.format !== 'json') return;
  const { rows: _rows, ...about } = review;
  context.out(visibleJson(JSON.stringify({ ...about, rows: reviewTable(review) }, undefined, 2)));
};

/** 1 where the files have errors, which were printed; 3 where the removals are refused. */
export const reviewCommand = async (context: CommandContext, flags: ReviewFlags): Promise<ExitCode> => {
  if (flags.apply !== undefined) {
    if ([flags.out, flags.of, flags.repo].some((flag) => flag !== undefined))
      throw new UserError('--apply carries out a review that is written: leave out --out, --of and --repo');
    return applyReview(context, flags.apply);
  }
  const review = await accessReview(context, flags);
  if (review === undefined) return 1;
  print(context, review);
  const isPrinted = context.options.format !== 'text';
  if (!isPrinted || flags.out !== undefined)
    await write(context, review, flags.out ?? join(context.options.dir, '.gatehouse', 'review'));
  return 0;
};
