/** What AWS makes of a token of Actions. */
import type { RoleDocument } from '../../../src/doctor/trust.ts';
import { issuer } from '../../../src/doctor/trust.ts';

export type Claims = Readonly<Record<string, string>>;

/** AWS STS, AssumeRoleWithWebIdentity: every condition of some statement must hold; those of ours have StringEquals alone. */
export const letsIn = ({ Statement }: RoleDocument, claims: Claims): boolean =>
  Statement.some(({ Condition = {} }) =>
    Object.entries(Condition).every(
      ([operator, wanted]) =>
        operator === 'StringEquals' &&
        Object.entries(wanted).every(([key, value]) =>
          [value].flat().includes(claims[key.replace(`${issuer}:`, '')] ?? ''),
        ),
    ),
  );
