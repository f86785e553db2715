import { describe, expect, it } from 'vitest';
import { keyOf } from '../../src/model/resource.ts';
import { bench } from './bench.ts';

describe('reading the seeded sandbox', () => {
  it('gives every resource under its own key', async () => {
    const live = await bench().cloudOf().read();
    for (const [key, resource] of Object.entries(live.state)) expect(key).toBe(keyOf(resource));
    expect(Object.keys(live.state)).toEqual(
      expect.arrayContaining([
        'policy-type/SERVICE_CONTROL_POLICY',
        'scp/legacy-deny-large-instances',
        'attachment/scp:FullAWSAccess@root',
        'attachment/scp:legacy-deny-large-instances@account:Sandbox',
        'account/Production',
        'group/Directory-Finance',
        'membership/Directory-Finance:bob%40securecart.example',
        'permission-set/legacy-admins',
        'assignment/user:ada%40securecart.example:legacy-admins@Sandbox',
      ]),
    );
  });
});
