/** One comment per purpose on a pull request: found again by its marker and by who wrote it, never by the marker alone. */
import type { Comment, GitHub, GitHubUser } from '../model/github.ts';

export type CommentPurpose = 'plan' | 'apply';

const markerOf = (purpose: CommentPurpose): string => `<!-- gatehouse:${purpose} -->`;

/** Characters that the marker takes of a body. */
export const MARKER_ROOM = 40;

const pointer = 'Two runs said this at the same moment: see the other comment of Gatehouse here.';

type IsOwnComment = (user: GitHubUser | undefined) => Promise<boolean>;
type StickyComment = { readonly marker: string; readonly text: string; readonly isOwn: IsOwnComment };

const ownAmong = async (
  comments: readonly Comment[],
  { marker, isOwn }: StickyComment,
): Promise<readonly Comment[]> => {
  const own: Comment[] = [];
  for (const comment of comments) if (comment.body.startsWith(marker) && (await isOwn(comment.user))) own.push(comment);
  return own.sort((a, b) => a.id - b.id);
};

/** Updates the oldest comment of ours and empties the others. Returns whether there was one. */
const refreshed = async (github: GitHub, pull: number, sticky: StickyComment): Promise<boolean> => {
  const [first, ...others] = await ownAmong(await github.comments(pull), sticky);
  if (first === undefined) return false;
  if (first.body !== sticky.text) await github.updateComment(first.id, sticky.text);
  for (const { id } of others) await github.updateComment(id, pointer);
  return true;
};

/**
 * A comment with our marker that somebody else wrote stays untouched: they could edit it back afterwards. After a new one it
 * looks again: of two runs that both found none, the later one sees both.
 */
export const putComment = async (
  github: GitHub,
  pull: number,
  { purpose, body }: { readonly purpose: CommentPurpose; readonly body: string },
): Promise<void> => {
  const marker = markerOf(purpose);
  const text = `${marker}\n${body}`;
  if (await refreshed(github, pull, { marker, text, isOwn: github.isOwn })) return;
  const writer = await github.createComment(pull, text);
  await refreshed(github, pull, { marker, text, isOwn: async (user) => user !== undefined && user.id === writer?.id });
};
