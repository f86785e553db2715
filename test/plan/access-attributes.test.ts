import { expect, it } from 'vitest';
import type { AccessAttributes, Resource } from '../../src/model/resource.ts';
import { ACCESS_ATTRIBUTES } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, desired, live } from '../support/build.ts';

const attributes = (all: AccessAttributes['attributes']): AccessAttributes => ({
  kind: 'access-attributes',
  attributes: all,
});
const some = attributes({ department: '${path:enterprise.department}' });
const none = attributes({});
type Reading = Parameters<typeof live>[1];

const changed = (found: readonly Resource[], wanted: readonly Resource[], reading: Reading = {}) =>
  plan(desired(wanted), live(found, reading), NOW).changes.map(({ action }) => action);

it('attributes that are to be none are made nowhere, and taken away where there are some', () => {
  expect(changed([], [none])).toEqual([]);
  expect(changed([none], [none])).toEqual([]);
  expect(changed([some], [none])).toEqual(['update']);
  expect(changed([none], [some])).toEqual(['update']);
  expect(changed([], [some])).toEqual(['create']);
});

it('whoever may not read whether there are some is told that taking them away waits', () => {
  const unread = [{ scope: ACCESS_ATTRIBUTES, reason: 'AccessDeniedException' }];
  const { changes, held } = plan(desired([none]), live([], { unread }), NOW);
  expect({ changes, held: held.map(({ key }) => key) }).toEqual({ changes: [], held: [ACCESS_ATTRIBUTES] });
});
