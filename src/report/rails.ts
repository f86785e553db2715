/** The guard rails: what each takes away, where it hangs, and where it is written. */
import { grouped } from '../model/lists.ts';
import type { Statement } from '../model/policy.ts';
import { statements } from '../model/policy.ts';
import type { Attachment, GuardRail } from '../model/resource.ts';
import { keyOf } from '../model/resource.ts';
import { conditionsIn, listedWords, resourcesIn } from './policy-words.ts';
import type { RailStatement, RailTarget, ReportRail } from './report.ts';
import { atOf, sideMarksOf, ofBoth, pathText } from './sides.ts';
import type { ReportInput } from './sides.ts';

const statementOf = (statement: Statement, at: string | undefined): RailStatement => ({
  effect: statement.Effect,
  ...(statement.Sid === undefined ? {} : { sid: statement.Sid }),
  ...(statement.NotAction === undefined ? {} : { allBut: true as const }),
  actions: listedWords(statement.NotAction ?? statement.Action),
  resources: resourcesIn(statement),
  conditions: conditionsIn(statement.Condition),
  ...(at === undefined ? {} : { at }),
});

const targetOf = (input: ReportInput, attachment: Attachment): RailTarget => {
  const { target } = attachment;
  const marks = sideMarksOf(input, keyOf(attachment));
  if (target.type === 'root') return { type: 'root', name: '', ...marks };
  return { type: target.type, name: target.type === 'ou' ? pathText(target.path) : target.name, ...marks };
};

const railOf = (input: ReportInput, policy: GuardRail, on: readonly Attachment[]): ReportRail => {
  const key = keyOf(policy);
  return {
    kind: policy.kind,
    name: policy.name,
    description: policy.description,
    statements: statements(policy.document).map((statement, index) =>
      statementOf(statement, atOf(input.origins[`${key}#/document/Statement/${index}`])),
    ),
    on: on.map((one) => targetOf(input, one)),
    ...sideMarksOf(input, key),
  };
};

const policiesIn = (input: ReportInput): readonly GuardRail[] => [...ofBoth(input, 'scp'), ...ofBoth(input, 'rcp')];

/** FullAWSAccess takes nothing away, and is none. */
export const railsOf = (input: ReportInput): readonly ReportRail[] => {
  const hung = grouped(ofBoth(input, 'attachment'), ({ policy }) => `${policy.kind}:${policy.name}`);
  return policiesIn(input)
    .map((policy) => railOf(input, policy, hung.get(`${policy.kind}:${policy.name}`) ?? []))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
};
