/** Why changes are held, in words. */
import type { ApprovalObjection } from '../model/objection.ts';

export const objectionText = (objection: ApprovalObjection): string => {
  switch (objection.is) {
    case 'unapproved':
      return 'nobody approved it';
    case 'otherwise':
      return 'what was approved leads elsewhere';
    case 'came-or-went':
      return 'it came or went since it was approved';
    case 'strange':
      return `its ${objection.value} is neither what it was when approved nor what was approved`;
    case 'consequence':
      return objection.reason;
  }
};
