/** Trust policies: who may assume a role, by which actions of STS, and no resource. */
import { malformed, parsedJson, parsePolicy, textsOf, type PolicyStatement } from './syntax.ts';
import { hasReadableDates } from './dates.ts';
import { isLike } from '../../sts/glob.ts';

/** The actions with which a session of a role is opened, named and tagged. */
const sessionActions: readonly string[] = [
  ...['sts:assumerole', 'sts:assumerolewithsaml', 'sts:assumerolewithwebidentity'],
  ...['sts:tagsession', 'sts:setsourceidentity', 'sts:setcontext'],
];

const opensSessions = (action: string): boolean =>
  /^sts:/i.test(action) && sessionActions.some((known) => isLike(known, action.toLowerCase()));

const mustHave = (statement: PolicyStatement): string | undefined => {
  if (statement['Resource'] !== undefined || statement['NotResource'] !== undefined)
    return 'Has prohibited field Resource';
  if (statement['Principal'] === undefined && statement['NotPrincipal'] === undefined)
    return 'Missing required field Principal';
  const actions = [...textsOf(statement['Action']), ...textsOf(statement['NotAction'])];
  if (actions.length === 0) return 'Missing required field Action';
  return actions.every(opensSessions) ? undefined : 'AssumeRole policy may only specify STS AssumeRole actions.';
};

const faultOf = (statement: PolicyStatement): string | undefined => {
  const missing = mustHave(statement);
  if (missing !== undefined) return missing;
  return ['Allow', 'Deny'].includes(String(statement['Effect'])) && hasReadableDates(statement)
    ? undefined
    : 'Syntax errors in policy.';
};

/** The statements. Throws unless the text is a trust policy; whether its principals exist is asked elsewhere. */
export const parseTrust = (text: string): readonly PolicyStatement[] => {
  if (parsedJson(text) === undefined) throw malformed('This policy contains invalid Json');
  const { statements } = parsePolicy(text);
  const fault = statements.flatMap((statement) => faultOf(statement) ?? [])[0];
  if (fault !== undefined) throw malformed(fault);
  return statements;
};
