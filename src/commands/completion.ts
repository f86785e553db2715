/** What a shell asks while a line is typed, and the script that makes it ask. */
import { resourcesOf } from '../model/resource.ts';
import type { Desired } from '../model/desired.ts';
import { completionsOf } from './run/command-tree.ts';
import type { CommandNode, CompletionNames } from './run/command-tree.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { readRepository } from './run/repository.ts';

/** Words with colons are one word to Gatehouse and several to bash: what stands before the last colon is taken off again. */
const bash = (command: string): string => `_gatehouse() {
  local -a typed
  local line="\${COMP_LINE:0:COMP_POINT}" IFS=$' \\t'
  read -ra typed <<< "$line"
  [[ "$line" == *[[:blank:]] ]] && typed+=("")
  local current="\${typed[\${#typed[@]}-1]}" found
  local before="\${current%"\${current##*:}"}"
  COMPREPLY=()
  while IFS= read -r found; do
    COMPREPLY+=("$(printf '%q' "\${found#"$before"}")")
  done < <(${command} complete -- "\${typed[@]:1}" 2> /dev/null)
  [ "\${#COMPREPLY[@]}" -gt 0 ] || compopt -o default 2> /dev/null
}
complete -F _gatehouse gatehouse`;

const zsh = (command: string): string => `#compdef gatehouse
_gatehouse() {
  local -a found
  found=("\${(@f)$(${command} complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}")
  [[ -n "\${found[1]}" ]] && compadd -a found || _files
}
compdef _gatehouse gatehouse`;

const fish = (command: string): string =>
  `complete -c gatehouse -a '(${command} complete -- (commandline -opc)[2..-1] (commandline -ct) 2> /dev/null)'`;

const scripts = { bash, zsh, fish } as const;
export type Shell = keyof typeof scripts;

export const completionCommand = async (
  { own, out }: CommandContext,
  { shell }: { readonly shell: Shell },
): Promise<ExitCode> => {
  out(scripts[shell](own.command));
  return 0;
};

const namesOf = (desired: Desired | undefined): CompletionNames => {
  if (desired === undefined) return {};
  const { state, accounts } = desired;
  const named = (kind: 'group' | 'permission-set') => resourcesOf(state, kind).map(({ name }) => name);
  return {
    account: Object.values(accounts),
    principal: [...named('group'), ...named('permission-set').map((name) => `permission-set:${name}`)],
    key: Object.keys(state),
    who: named('group'),
    what: [...named('permission-set'), ...new Set(resourcesOf(state, 'role').map(({ name }) => `role:${name}`))],
    where: Object.values(accounts),
  };
};

type Asked = { readonly words: readonly string[]; readonly tree: CommandNode };

/** A shell waits for it at each key: the files are read only where names of theirs are meant. */
export const completeCommand = async (context: CommandContext, { words, tree }: Asked): Promise<ExitCode> => {
  const fixed = completionsOf(tree, words, {});
  const wantsNames = fixed.length === 0 && words.at(-1)?.startsWith('-') !== true;
  const found = wantsNames ? completionsOf(tree, words, namesOf((await readRepository(context)).desired)) : fixed;
  if (found.length > 0) context.out(found.join('\n'));
  return 0;
};
