/** Policy documents: their shape and what it means for two of them to be equal. */

export type OneOrMany<T> = T | readonly T[];
export type PrincipalElement = '*' | Readonly<Record<string, OneOrMany<string>>>;
export type ConditionValue = string | number | boolean;
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;

/** A statement as AWS writes it; which elements may stand together is the lint's business. */
export type Statement = {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: ConditionBlock;
};

export type PolicyDocument = {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
};
