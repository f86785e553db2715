import { expect, it } from 'vitest';
import { plainPaint } from '../../src/render/paint.ts';
import { passing } from '../../src/render/plan-markdown.ts';
import { planText } from '../../src/render/plan-text.ts';
import { refusalText } from '../../src/render/summary.ts';
import { emptyPlan } from './plans.ts';

it('guards are counted, and not what they find', () => {
  const guards = [
    { id: 'resource-lockout', ok: false, message: 'the key would lock out one role' },
    { id: 'resource-lockout', ok: false, message: 'the key would lock out another role' },
    { id: 'break-glass', ok: true, message: 'break-glass reaches every account' },
  ];
  const plan = { ...emptyPlan, guards };
  expect(refusalText(plan)).toBe('1 guard stands in the way');
  expect(passing(plan)).toBe('1 guard passed.');
  const text = planText(plan, { paint: plainPaint, width: 200 });
  expect(text).toContain('1 guard holds.');
  expect(text.match(/resource-lockout: /g)).toHaveLength(2);
});
