/** One comment per purpose on a pull request: found again by its marker and by who wrote it, never by the marker alone. */
import type { Comment, GitHub } from './port.ts';

export type Purpose = 'plan' | 'apply';

const markerOf = (purpose: Purpose): string => `<!-- gatehouse:${purpose} -->`;

/** Characters that the marker takes of a body. */
export const MARKER_ROOM = 40;

const ownWith = async (github: GitHub, comments: readonly Comment[], marker: string): Promise<Comment | undefined> => {
  for (const comment of comments)
    if (comment.body.startsWith(marker) && (await github.isOwn(comment.user))) return comment;
  return undefined;
};

/** A comment with our marker that somebody else wrote stays untouched: they could edit it back afterwards. */
export const putComment = async (
  github: GitHub,
  pull: number,
  { purpose, body }: { readonly purpose: Purpose; readonly body: string },
): Promise<void> => {
  const marker = markerOf(purpose);
  const text = `${marker}\n${body}`;
  const own = await ownWith(github, await github.comments(pull), marker);
  if (own === undefined) await github.createComment(pull, text);
  else if (own.body !== text) await github.updateComment(own.id, text);
};
