import { describe, expect, it } from 'vitest';
import { planBetween } from '../../src/approve/between.ts';
import { mattersOf } from '../../src/approve/matters.ts';
import type { Matter } from '../../src/approve/matters.ts';
import { requirementsOf } from '../../src/approve/requirements.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Resource } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { NOW, desiredOn } from '../support/securecart.ts';

const base = desiredOn(undefined);
const withMore = (...resources: readonly Resource[]): Desired => ({
  ...base,
  state: { ...base.state, ...Object.fromEntries(resources.map((one) => [keyOf(one), one])) },
});
const without = (key: string): Desired => {
  const { [key]: gone, ...state } = base.state;
  if (gone === undefined) throw new Error(`${key} is not in SecureCart`);
  return { ...base, state };
};

const assigned = (group: string, permissionSet: string, account: string): Resource => ({
  kind: 'assignment',
  principal: { type: 'group', name: group },
  permissionSet,
  account,
});

const needs = (
  head: Desired,
  paths: readonly string[] = [],
  criticalFiles: readonly string[] = [],
): readonly string[] => {
  const scenery = { trees: [base, head] };
  const rules = criticalFiles.map((): Matter => ({ risk: 'critical', accounts: [], ous: [] }));
  const matters = [...mattersOf(scenery)(planBetween(base, head, NOW)), ...rules];
  return requirementsOf({ matters, paths, scenery }, [base, head]).map(({ why, count }) => `${why} × ${count}`);
};

describe('what a pull request does by itself', () => {
  it('is nothing between a tree and itself', () => {
    const { changes, held } = planBetween(base, base, NOW);
    expect({ changes, held }).toEqual({ changes: [], held: [] });
  });

  it('is the one assignment that it adds', () => {
    const head = withMore(assigned('SecureCart-DataEngineers', 'SecureCart-Product', 'SecureCart-Dev'));
    expect(planBetween(base, head, NOW).changes.map(({ action, key }) => `${action} ${key}`)).toEqual([
      'create assignment/group:SecureCart-DataEngineers:SecureCart-Product@SecureCart-Dev',
    ]);
  });

  it('is one change for a guard rail that comes down, whatever AWS has', () => {
    const { changes } = planBetween(base, without('attachment/scp:DenyRootUser@root'), NOW);
    expect(changes.map(({ action, key, risk }) => [action, key, risk])).toEqual([
      ['delete', 'attachment/scp:DenyRootUser@root', 'critical'],
    ]);
  });
});

describe('the approvals that a pull request needs', () => {
  it('are one of anybody who writes where no entry matches', () => {
    expect(needs(base, ['README.md'])).toEqual(['every pull request × 1']);
  });

  it('are those of every entry that matches: risk, place and path', () => {
    const head = without('attachment/scp:DenyRootUser@root');
    expect(needs(head, ['scps/bindings.yaml'])).toEqual([
      'risk critical × 2',
      'risk high × 1',
      'path scps/** × 1',
      'OU Workloads/Production × 1',
      'account SecureCart-Management × 2',
    ]);
  });

  it('are those of the OU above the account that is reached', () => {
    const head = withMore(assigned('SecureCart-DataEngineers', 'SecureCart-ReadOnly', 'SecureCart-Production'));
    expect(needs(head)).toContain('OU Workloads/Production × 1');
    expect(needs(withMore(assigned('SecureCart-DataEngineers', 'SecureCart-Product', 'SecureCart-Dev')))).not.toContain(
      'OU Workloads/Production × 1',
    );
  });

  it('are critical ones when the rules themselves change', () => {
    expect(needs(base, ['access/tests/support.yaml'], ['access test "x" is removed'])).toContain('risk critical × 2');
  });

  it('are those of both trees: a head cannot take an entry away for itself', () => {
    const head = { ...base, settings: { ...base.settings, approvals: [] } };
    expect(needs(head, ['access/settings.yaml'])).toContain('path access/settings.yaml × 2');
  });
});
