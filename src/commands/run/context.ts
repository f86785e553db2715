/** What a command is given instead of the process: where to print, what time it is, how to reach AWS. */
import type { ClientOptions, AwsClients } from '../../aws/clients.ts';
import type { Clock } from '../../aws/clock.ts';
import type { RunGit } from '../../github/asking-git.ts';
import type { GitHub } from '../../model/github.ts';
import type { PageStyle } from '../../render/page.ts';
import type { Paint } from '../../render/paint.ts';
import type { Own } from './own.ts';

/** 0 well, 1 failed, 2 there is something (drift, denied, findings), 3 held or refused. */
export type ExitCode = 0 | 1 | 2 | 3;
export type OutputFormat = 'text' | 'json' | 'markdown';

/** The options that every command has, and what the command is called: `github apply`. `sandbox` is the folder of the local AWS's state, absent for the real one. */
export type CommandOptions = {
  readonly dir: string;
  readonly sandbox?: string;
  readonly format: OutputFormat;
  readonly verbose: boolean;
  /** One line on stderr for each call to AWS. */
  readonly log?: 'json';
  readonly nowIsGiven: boolean;
  readonly command?: string;
};

/** How text is laid out: `--verbose` folds nothing. */
export const styleOf = ({
  paint,
  width,
  rows,
  options,
  own,
}: Pick<CommandContext, 'paint' | 'width' | 'rows' | 'options' | 'own'>): PageStyle => ({
  paint,
  width,
  gatehouse: own.command,
  ...(rows === undefined ? {} : { rows }),
  ...(options.verbose ? { verbose: 'all' as const } : {}),
});

export type CommandContext = {
  readonly options: CommandOptions;
  readonly own: Own;
  /** Results, to stdout; a line end is added where it is missing. */
  readonly out: (text: string) => void;
  /** Progress and messages, to stderr. */
  readonly err: (text: string) => void;
  readonly errStream: NodeJS.WriteStream;
  readonly paint: Paint;
  readonly width: number;
  /** Of the terminal that results go to. */
  readonly rows?: number;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  readonly ask: (question: string) => Promise<string>;
  /** One key, after a line that is gone then; absent where no person sits at a terminal. Ctrl-C interrupts. */
  readonly readKey?: (prompt: string) => Promise<string>;
  /** The moment the command speaks of, ISO 8601; `--now` sets it. */
  readonly now: string;
  /** Real time, for rates and waits. */
  readonly clock: Clock;
  readonly createClients: (options: ClientOptions) => Promise<AwsClients>;
  /** `owner/name`. */
  readonly createGitHub: (repository: string) => Promise<GitHub>;
  readonly runGit: RunGit;
  /** Aborted by the first Ctrl-C: finish what is in flight and say what is left. */
  readonly interrupt: AbortSignal;
  /** This process among others; without it nothing is held. */
  readonly self?: { readonly pid: number; readonly isAlive: (pid: number) => boolean };
  /** Takes what is to be done when the command has ended, however it did. */
  readonly atEnd?: (task: () => Promise<void>) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readInput: () => Promise<string>;
  /** With what the system opens such files with; false where it has nothing. */
  readonly openFile?: (path: string) => Promise<boolean>;
};
