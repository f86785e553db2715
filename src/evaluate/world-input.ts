/** What a world of access is made from. */
import type { Catalogue } from '../model/catalogue.ts';
import type { IamUser } from '../model/iam-user.ts';
import type { Place } from '../model/problem.ts';
import type { State, Key } from '../model/resource.ts';

export type WorldInput = {
  readonly state: State;
  readonly catalogue: Catalogue;
  /** As in `Desired`: places of keys and of what lies inside them. Without one, a thing counts as live and unmanaged. */
  readonly origins: Readonly<Record<string, Place>>;
  /** Of Identity Center: in the path of its roles, and the Region of a request that names none. */
  readonly region: string;
  readonly organization: string;
  readonly managementAccount: string;
  /** Which roles count as declared: without it all of the state. */
  readonly declares?: (key: Key) => boolean;
  /** Accounts, by name, whose roles and customer policies could not be read. */
  readonly unreadIam?: ReadonlySet<string>;
  /** Without it nobody knows which there are: no file declares any. */
  readonly iamUsers?: readonly IamUser[];
  /** Resources whose policies could not be read: they may allow or deny anything. */
  readonly unreadResources?: readonly { readonly arn: string; readonly account: string; readonly region: string }[];
  /** Which keys are known not to be there: of what else is not in the state nothing is known. */
  readonly gone?: (key: Key) => boolean;
};
