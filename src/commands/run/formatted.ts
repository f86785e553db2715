/** A result in the format that was asked for, where Markdown has no form of its own. */
import { fencedText } from '../../render/fenced-text.ts';
import type { PageStyle } from '../../render/page.ts';
import { plainPaint } from '../../render/paint.ts';
import type { CommandContext } from './context.ts';
import { styleOf } from './context.ts';

type OutputForms = { readonly json: () => string; readonly text: (style: PageStyle) => string };

/** In Markdown nothing is wrapped: the reader's page does that. */
const WIDE = 120;

export const formatted = (context: CommandContext, { json, text }: OutputForms): string =>
  ({
    json,
    markdown: () => fencedText(text({ ...styleOf(context), paint: plainPaint, width: WIDE })),
    text: () => text(styleOf(context)),
  })[context.options.format]();
