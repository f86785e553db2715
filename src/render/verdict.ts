/** What stood at the top of a plan, again at its end where a terminal has scrolled it away. */
import type { Plan } from '../model/plan.ts';
import { paragraph } from './page.ts';
import type { PageStyle } from './page.ts';
import { verdictSentence } from './summary.ts';
import type { SummaryVoice } from './summary.ts';

type TellsOf = { readonly plan: Plan; readonly voice: SummaryVoice };

/** The text as it is where it fits the screen; a row is left for the prompt. */
export const endingInVerdict = (text: string, { plan, voice }: TellsOf, style: PageStyle): string =>
  style.rows === undefined || text.split('\n').length < style.rows
    ? text
    : [text, '', ...paragraph(verdictSentence(plan, voice), style, style.paint.bold)].join('\n');
