/** What no file can say, and what becomes of the rest. */
import { describe, expect, it } from 'vitest';
import { trustDocument } from '../../src/desired/trust/trust.ts';
import { FULL_AWS_ACCESS, keyOf } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { account, allow, attachment, deny, document, live, ou, rcpType, role, scp, set } from '../support/build.ts';
import { assignment, oidcProvider, owned } from '../support/build.ts';
import { desiredIn, filesOf, imported } from '../support/imported.ts';

const dev = account('Dev', '222222222222', 'Work');

const without = (resources: readonly Resource[], gone: Resource) => {
  const whole = live(resources);
  return { ...whole, state: Object.fromEntries(Object.entries(whole.state).filter(([key]) => key !== keyOf(gone))) };
};

describe('an import', () => {
  it('leaves out every SCP, and RCPs not, where an allow-list of somebody else stands instead of FullAWSAccess', async () => {
    const theirs = { ...scp('AllowList', document(allow('s3:*'))), owner: 'somebody/else' };
    const rail = { ...scp('Rail', document({ ...deny('s3:*'), Principal: '*' })), kind: 'rcp' as const };
    const hung = [attachment('AllowList', 'ou:Work'), attachment('Ours', 'root')];
    const resources = [ou('Work'), dev, theirs, scp('Ours'), ...hung, rcpType, rail];
    const draft = await imported(without(resources, attachment(FULL_AWS_ACCESS, 'ou:Work')));
    expect(draft.others).toEqual([]);
    expect(desiredIn(filesOf(draft)).state).toHaveProperty(['rcp/Rail']);
    const reasons = new Map(draft.leftOut.map(({ key, reason }) => [key, reason]));
    expect(reasons.get('scp/Ours')).toMatch(/FullAWSAccess would hang on ou:Work/);
    expect(reasons.has('rcp/Rail')).toBe(false);
  });

  it('ignores what has to stay by a pattern when its name has characters that no file may contain', async () => {
    const holder = 'group:two\u2028lines';
    const draft = await imported(live([dev, ou('Work'), owned(set('S')), assignment(holder, 'S', 'Dev')]));
    expect(draft.others).toEqual([]);
    expect(desiredIn(filesOf(draft)).settings.ignore).toContain('assignment/group:two?lines:S@Dev');
  });

  it('makes no OIDC provider: one that is not there is demanded, not managed', async () => {
    const idOf = (): undefined => undefined;
    const trust = trustDocument([{ github: { repository: 'securecart/shop', ref: 'refs/heads/main' } }], {
      accountId: dev.id,
      idOf,
    });
    const provider = owned(oidcProvider('gitlab.com', 'Dev', 'x'));
    const draft = await imported(live([dev, ou('Work'), role('Deploy', 'Dev', { trust }), provider]));
    expect(draft.others).toEqual([]);
    expect(desiredIn(filesOf(draft)).settings.oidcProviders).toBe('require');
  });
});
