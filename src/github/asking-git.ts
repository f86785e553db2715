/** How git is asked: its words, what it answers, and what it may not obey. */

export type GitResult = {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What `out` is the text of: a file need not be UTF-8. */
  readonly bytes: Buffer;
};
/** Runs git in a folder; resolves whatever its exit code. Never throws but when there is no git. */
export type RunGit = (
  words: readonly string[],
  where: {
    readonly dir: string;
    readonly env?: Readonly<Record<string, string>>;
    /** For its standard input. */
    readonly input?: string;
    /** With the user's own configuration too: what fetching needs to get through. */
    readonly asUser?: true;
  },
) => Promise<GitResult>;

/** Neither hooks nor helpers of the repository's own configuration run. Whose folder it is, who named it answers for. */
export const safely: readonly string[] = [
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'safe.directory=*'],
];

export const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

export type GitRunner = (...words: readonly string[]) => Promise<GitResult>;

export const mustBytes = async (run: GitRunner, ...words: readonly string[]): Promise<Buffer> => {
  const { code, bytes, err } = await run(...words);
  if (code !== 0) throw new Error(`git ${words[0] ?? ''} failed: ${(lines(err)[0] ?? `exit ${code}`).slice(0, 300)}`);
  return bytes;
};

export const must = async (run: GitRunner, ...words: readonly string[]): Promise<string> =>
  (await mustBytes(run, ...words)).toString('utf8');
