/** A stage of a rollout gets its day, in the place of the days after which it was due. */
import type { Path } from '../../desired/yaml-file.ts';
import { renamedKey, replaced, withPlainDay } from './range.ts';

type StageDay = { readonly policy: string; readonly index: number; readonly day: string };

/** `text`: of scps/bindings.yaml. */
export const withStageDay = (text: string, { policy, index, day }: StageDay): string => {
  const stage: Path = ['rollout', policy, index];
  const from: Path = [...stage, 'from'];
  const named = renamedKey(text, [...stage, 'after'], 'from');
  return withPlainDay(replaced(named, from, { value: day, spelling: 'yaml' }), from);
};
