/** The files of an import as a person reads them. */
import { describe, expect, it } from 'vitest';
import { account, live, role, set } from '../support/build.ts';
import { imported } from '../support/imported.ts';

const fileIn = async (whole: ReturnType<typeof live>, path: string): Promise<string> =>
  (await imported(whole)).files.find((file) => file.path === path)?.text ?? '';

describe('the files of an import', () => {
  it('have the elements of a policy in the order of people, where a tool has sorted them', async () => {
    const sorted = {
      Statement: [{ Action: 's3:GetObject', Effect: 'Allow', Resource: '*', Sid: 'Read' }],
      Version: '2012-10-17',
    } as const;
    const text = await fileIn(live([set('S', { inlinePolicy: sorted })]), 'permission-sets/s.yaml');
    expect(text).toContain(`inlinePolicy:
  Version: "2012-10-17"
  Statement:
    - Sid: Read
      Effect: Allow
      Action: s3:GetObject
      Resource: "*"
`);
  });

  it('quote no path', async () => {
    const text = await fileIn(
      live([account('Dev', '222222222222'), role('R', 'Dev', { path: '/gatehouse/' })]),
      'access/roles/r.yaml',
    );
    expect(text).toContain('\npath: /gatehouse/\naccounts: [Dev]\n');
  });
});
