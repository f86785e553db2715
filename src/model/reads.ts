/** How AWS was read, and what could not be. */
export type Unread = { readonly scope: string; readonly reason: string };
/** How the assignments were read, and how many calls each operation cost ("sso-admin:ListAccountAssignments": 12). */
export type Reads = {
  readonly route: 'pairs' | 'principals' | 'none';
  readonly calls: Readonly<Record<string, number>>;
};
