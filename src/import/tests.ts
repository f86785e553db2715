/** The access tests that an import writes: who is administrator where, as it was found. */
import { loadCatalogue } from '../evaluate/catalogue.ts';
import { createWorld } from '../evaluate/policies-of.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import type { Administrators } from '../model/import-report.ts';
import type { WrittenTest } from '../model/written.ts';
import { administratorAction, administratorTests, administratorUsers, administratorsOf } from './administrators.ts';
import { foldedTarget, treeOf } from './fold.ts';
import { askerFor } from '../questions/why.ts';

type TestsInput = { readonly live: Pick<Live, 'state' | 'iamUsers'>; readonly now: string };

const askerOf = ({ state, settings, managementAccount, origins }: Desired, { live, now }: TestsInput) =>
  askerFor(
    createWorld({
      state,
      catalogue: loadCatalogue(),
      origins,
      region: settings.region,
      organization: settings.organization,
      managementAccount,
      iamUsers: live.iamUsers ?? [],
    }),
    administratorAction,
    now,
  );

export type ImportedTests = {
  readonly tests: readonly WrittenTest[];
  readonly administrators: readonly Administrators[];
};

export const importedTests = async (desired: Desired, asked: TestsInput): Promise<ImportedTests> => {
  const found = administratorsOf(await askerOf(desired, asked));
  // Of users also what is not imported says what they can do.
  const users = administratorUsers(await askerOf({ ...desired, state: asked.live.state, origins: {} }, asked));
  const tree = treeOf(desired);
  return {
    tests: administratorTests(found, (accounts) => foldedTarget(accounts, tree)),
    administrators: [
      ...found.flatMap(({ principal, allowed }) =>
        allowed.length === 0 ? [] : [{ principal: `${principal.type} ${principal.name}`, accounts: allowed }],
      ),
      ...users.map(({ name, account }) => ({ principal: `IAM user ${name}`, accounts: [account] })),
    ],
  };
};
