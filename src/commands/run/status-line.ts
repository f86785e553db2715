/** One line at the foot of a terminal, drawn again and again in its place. */
import { clip } from '../../render/untrusted.ts';
import type { CommandContext } from './context.ts';

export type StatusLine = { readonly close: () => void };

const drawEvery = 120;

/** Erases the line that the cursor is in. */
const ERASE = '\r\u001b[K';

/** Nothing where nobody sees it. `line` is asked again and again; an empty one shows nothing. */
export const statusLine = (
  { errStream, clock }: Pick<CommandContext, 'errStream' | 'clock'>,
  line: (seconds: number) => string,
): StatusLine | undefined => {
  if (!errStream.isTTY || !(errStream.columns > 0)) return undefined;
  const begun = clock.now();
  const draw = (): void => {
    const text = line((clock.now() - begun) / 1000);
    errStream.write(text === '' ? ERASE : `${ERASE}${clip(text, errStream.columns - 1)}`);
  };
  draw();
  const ticking = setInterval(draw, drawEvery);
  return {
    close: () => {
      clearInterval(ticking);
      errStream.write(ERASE);
    },
  };
};
