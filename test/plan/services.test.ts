import { describe, expect, it } from 'vitest';
import type { Absent } from '../../src/model/cloud.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, desired, group, live, ou, scpType } from '../support/build.ts';

const refusal = (resources: readonly Resource[], absent: readonly Absent[]) => () =>
  plan(desired(resources), live([], { absent }), NOW);

describe('what is declared of a service that is not in use', () => {
  it('is an error that names it', () => {
    expect(refusal([group('Developers')], ['identity-center'])).toThrow(
      /group\/Developers is declared, but IAM Identity Center is not in use/,
    );
    expect(refusal([ou('Workloads')], ['organization'])).toThrow(
      /ou\/Workloads is declared.*no organization|policy-type/,
    );
    expect(refusal([scpType], ['organization'])).toThrow(/is declared, but the account belongs to no organization/);
  });

  it('is none where the service is in use', () => {
    expect(refusal([group('Developers')], [])).not.toThrow();
  });
});
