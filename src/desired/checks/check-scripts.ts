/** Names in two scripts, where they are declared. */
import type { DeclaredName } from '../declared-names.ts';
import type { ReportFinding } from '../rules.ts';
import { mixtureIn } from './scripts.ts';
import { listed, quoted } from '../text.ts';

/** Names of permission sets, roles and customer policies are ASCII anyway. */
export const checkScripts = (names: readonly DeclaredName[], report: ReportFinding): void => {
  for (const { name, at } of names) {
    const { scripts, letters } = mixtureIn(name);
    if (letters.length === 0) continue;
    const message = `${quoted(name)} is written in ${listed(scripts)} letters: ${listed(letters)}`;
    const hint = 'Write it in one script, so that it is what it looks like.';
    report({ at: at(), rule: 'mixed-scripts', message, hint });
  }
};
