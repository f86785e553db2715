/** Why somebody can or cannot: the decision, and each way that leads to it. */

export type PlaceLink = { readonly file: string; readonly line: number };
export type ReasonLink = {
  readonly policy: string;
  readonly statement: number;
  readonly effect: 'Allow' | 'Deny';
  readonly type: string;
  readonly level?: string;
  readonly place?: PlaceLink;
  /** In no state: a default of AWS, or what somebody might hold. */
  readonly assumed?: true;
};
export type Verdict = 'allowed' | 'denied' | 'depends';
/** One way of the principal to the action: what it holds there, and what that comes to. */
export type Chain = {
  readonly through: readonly { readonly text: string; readonly place?: PlaceLink }[];
  readonly decision: Verdict;
  /** Absent: it holds of all that was asked. */
  readonly extent?: 'some-resource' | 'some-action';
  /** One of those resources, where a policy names one. */
  readonly on?: string;
  readonly by: string;
  readonly level?: string;
  /** Why no policy decides it. */
  readonly because?: string;
  readonly action: string;
  readonly resource?: string;
  readonly reasons: readonly ReasonLink[];
  readonly dependsOn: readonly string[];
  /** The policies that were read on the way. */
  readonly policies: readonly string[];
};
export type Why = {
  readonly principal: string;
  readonly action: string;
  readonly account: string;
  readonly resource?: string;
  readonly decision: Verdict;
  readonly chains: readonly Chain[];
  /** What is said where there is no way at all. */
  readonly nothing?: string;
};
export type Who = {
  readonly action: string;
  readonly account: string;
  readonly resource?: string;
  readonly can: readonly WhoLine[];
  readonly depends: readonly WhoLine[];
};
export type WhoLine = {
  readonly principal: string;
  /** Known members; nothing where the members are not known. */
  readonly people?: readonly string[];
  readonly chain: Chain;
};
