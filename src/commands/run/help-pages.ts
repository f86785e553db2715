/** How help is grouped, by what somebody wants to do, and which exit codes each command has. */
import { Help } from 'commander';
import type { Command, HelpConfiguration } from 'commander';

const groups: Readonly<Record<string, readonly string[]>> = {
  'Begin:': ['init', 'demo', 'doctor'],
  'Change who may do what:': ['grant', 'revoke', 'fmt', 'validate', 'test', 'plan', 'apply'],
  'See what is:': ['report', 'review', 'diff', 'expiring', 'drift', 'audit', 'why', 'who-can', 'simulate'],
  'Take what AWS has:': ['import', 'adopt'],
  'Work with editors, shells, GitHub and a local AWS:': ['schema', 'completion', 'github', 'sandbox'],
};

const refused = '3 where it is refused as it stands';

/** Besides 0 for well and 1 for failed, which all have. */
const exits: Readonly<Record<string, readonly string[]>> = {
  plan: ['2 with --detailed-exitcode when there are changes', refused],
  apply: ['2 with --detailed-exitcode when something waits for the directory', '3 where something is held or refused'],
  diff: ['2 when they differ'],
  drift: ['2 when AWS differs'],
  audit: ['2 when something is found'],
  grant: ['2 when it is given already'],
  revoke: ['2 when no entry gives it'],
  fmt: ['2 with --check when a file would change'],
  review: ['3 where the removals are refused'],
  why: ['2 when it is not allowed'],
  doctor: ['2 with warnings', '3 where something fails'],
  'github plan': [refused],
  'github approve-check': ['3 where approvals are missing'],
  'github apply': ['3 where something is held or refused'],
  'github drift': ['2 when AWS differs'],
};

const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** A command of other commands ends in none of its own. */
const withExits = (command: Command): void => {
  for (const nested of command.commands) withExits(nested);
  if (command.commands.length > 0) return;
  const said = ['0 well', '1 failed', ...(exits[nameOf(command)] ?? [])];
  command.addHelpText('after', `\nExit codes:\n${said.map((line) => `  ${line}`).join('\n')}`);
};

export const withHelpPages = (program: Command): void => {
  for (const [heading, names] of Object.entries(groups))
    for (const name of names) program.commands.find((command) => command.name() === name)?.helpGroup(heading);
  for (const command of program.commands) withExits(command);
};

/** A folder after a blank would be the next argument. */
const sandboxTerm = (flags: string): string => flags.replace('--sandbox [dir]', '--sandbox[=dir]');

/** Every command lists the options that stand everywhere; narrow enough for the texts to find room beside the terms. */
export const helpLayout: HelpConfiguration = {
  showGlobalOptions: true,
  minWidthToWrap: 30,
  optionTerm: ({ flags }) => sandboxTerm(flags),
  subcommandTerm: (command) => command.name(),
  visibleGlobalOptions(command) {
    return Help.prototype.visibleGlobalOptions.call(this, command).filter(({ long }) => long !== '--version');
  },
};
